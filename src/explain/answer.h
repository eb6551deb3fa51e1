/* Answers a question about a report from the same facts as its pages, with citations, or says
 * why the evidence cannot, and what would.
 *
 * A question's document lists what its answer is made of, in order:
 *   headline           the first sentence of the incident's page
 *   stages             every stage, as the leader's page tells it
 *   stage:KIND         the stages of that kind; stage:KIND.TECHNIQUE those of that technique
 *   say:ID             the phrase answer.ID, where the incident has what it needs
 *   unknown:ID         the phrase unknown.ID, where something was said before it
 *   unknown  disproof  those of the incident
 *   plan:PHASE         the steps of that phase
 *   decision           what has to be decided now
 *   findings           what was found, how sure, where
 *   entity             what is known of the name in the question
 *   doubt:entry        that nobody was seen to get in, and what may hide it
 *   summary            what is said of the report as a whole
 *   evidence:read  evidence:unread      the files that were examined, or were not (whole)
 * Where none of them has anything to say, the phrase cannot.OTHERWISE is the answer.
 *
 * Owner: everything is in the book's arena. */
#pragma once

#include "explain/explain.h"
#include "explain/question.h"

/* The incident the question is about: the one that has a name it mentions, else the worst. */
enum status answer_question(const struct phrase_documents *documents,
                            struct question_book *book, struct report *report,
                            struct bytes question, struct reply *out) MUST_USE;
/* Whether every part of an answer is one of the above. */
enum status answer_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;
