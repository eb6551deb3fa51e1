/* Tells one incident, for each audience, in the order of its stages. */
#pragma once

#include "explain/draft.h"
#include "explain/subject.h"
#include "record/site.h"

/* What kind of story it is, as phrases of several audiences are named after it ("controlled");
 * `basis` gets what that rests on. */
const char *story_shape(const struct report *report, const struct incident *incident,
                        struct basis *basis);
/* {next}: the machine that somebody who was in went on to, and how many more.  Unset for none.
 */
void story_set_next(const struct report *report, const struct incident *incident,
                    struct slots *slots);
/* Fills `title` and the leader's story.  The plan must be there: what to decide comes from it.
 */
enum status story_for_leader(const struct report *report, const struct site *site,
                             struct phrase_book *book, struct arena *arena,
                             struct incident *incident) MUST_USE;
/* Fills the analyst's story: every finding, what made it fire, how sure. */
enum status story_for_analyst(const struct report *report, struct phrase_book *book,
                              struct arena *arena, struct incident *incident) MUST_USE;
/* One stage as the leader's page tells it, after what was `*told`, which goes on with it. */
enum status story_say_stage(const struct report *report, struct draft *draft,
                            const struct incident *incident, const struct stage *stage,
                            struct told *told) MUST_USE;
/* The first step that somebody has to approve: it is what has to be decided now. */
enum status story_say_decision(struct draft *draft, const struct incident *incident) MUST_USE;
