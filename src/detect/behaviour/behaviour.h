/* The behaviours: rows of the engine's table that watch what a series of events shows. */
#pragma once

#include "detect/engine.h"

/* login.c */
extern const struct detector login_detector;
/* session.c */
extern const struct detector session_detector;
/* activity.c */
extern const struct detector command_detector;
extern const struct detector schedule_detector;
extern const struct detector service_detector;
/* account.c */
extern const struct detector new_account_detector;
extern const struct detector root_account_detector;
extern const struct detector new_right_detector;
extern const struct detector rights_file_detector;
extern const struct detector new_key_detector;
extern const struct detector password_detector;
/* setting.c */
extern const struct detector setting_detector;
/* traffic.c */
extern const struct detector traffic_detector;
/* request.c */
extern const struct detector fetch_detector;
extern const struct detector name_detector;
/* call_home.c */
extern const struct detector call_home_detector;
/* call_home_name.c */
extern const struct detector call_home_name_detector;
/* call_home_lookup.c */
extern const struct detector call_home_lookup_detector;
/* call_home_request.c */
extern const struct detector call_home_request_detector;
/* dns_data.c */
extern const struct detector dns_data_detector;
/* upload.c */
extern const struct detector upload_detector;
/* web_scan.c */
extern const struct detector web_scan_detector;
/* web_attack.c */
extern const struct detector web_attack_detector;
/* web_shell.c */
extern const struct detector web_shell_detector;
/* port_scan.c */
extern const struct detector port_scan_detector;
/* log_time.c */
extern const struct detector log_time_detector;
/* log_damage.c */
extern const struct detector log_damage_detector;
/* log_number.c */
extern const struct detector log_number_detector;
/* log_session.c */
extern const struct detector log_session_detector;
/* log_logout.c */
extern const struct detector log_logout_detector;
/* session_begun.c */
extern const struct detector session_begun_detector;
/* remote_login.c */
extern const struct detector remote_login_detector;
