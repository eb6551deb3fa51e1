/* The handlers of the table's rows.  Each may be called with a decision about its own row only:
 * it checks that, and so cannot be reached past the gate. */
#pragma once

#include "operation/operation.h"

enum status analyze_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
enum status analyze_critical_run(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer);
enum status analyze_pack_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer);
enum status analyze_pack_wish(const struct call *call, struct answer *answer,
                              struct entitlement_wish *out);
enum status watch_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status report_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status respond_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
enum status ask_run(const struct call *call, const struct access_grant *grant,
                    struct answer *answer);
enum status explain_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
enum status show_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status extract_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
enum status access_show_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status eligibility_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status audit_show_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer);
enum status audit_verify_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer);
enum status audit_check_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status audit_export_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer);
enum status audit_monitor_run(const struct call *call, const struct access_grant *grant,
                              struct answer *answer);
enum status audit_prove_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status cosign_ask_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer);
enum status cosign_keep_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status witness_show_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer);
enum status witness_cosign_run(const struct call *call, const struct access_grant *grant,
                               struct answer *answer);
enum status recipient_run(const struct call *call, const struct access_grant *grant,
                          struct answer *answer);
enum status seal_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status split_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status join_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status card_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status found_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status change_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status enrol_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status admit_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status remove_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status forget_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status vouch_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer);
enum status vouch_take_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer);
enum status member_eligibility_run(const struct call *call, const struct access_grant *grant,
                                   struct answer *answer);
enum status ask_grant_run(const struct call *call, const struct access_grant *grant,
                          struct answer *answer);
enum status draft_grant_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status approve_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
enum status issue_grant_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer);
enum status hand_grant_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer);
enum status accept_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status why_run(const struct call *call, const struct access_grant *grant,
                    struct answer *answer);
enum status member_log_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer);
enum status my_log_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status registry_show_run(const struct call *call, const struct access_grant *grant,
                              struct answer *answer);
enum status registry_rebuild_run(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer);
enum status narrow_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status revoke_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
enum status demo_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status help_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer);
enum status version_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer);
