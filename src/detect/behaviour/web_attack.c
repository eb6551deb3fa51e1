/* Raises requests that were made to break into the program behind a web server: one finding for
 * each client and kind of attempt, however many there were.
 *
 * Whether it worked cannot be told from a request.  Where every answer was a refusal, or sent
 * the client elsewhere, it is the weather of the internet and low; where the server answered as
 * to anything else, or nobody saw what it answered, someone must look. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/web_body.h"
#include "detect/behaviour/web_sign.h"
#include "detect/behaviour/web_visit.h"

#define ATTEMPTS_MAX 4096
#define FINDINGS_GIVEN_MAX 500

/* All attempts of one kind by one client. */
struct attempts {
    struct recent_entry entry;
    struct web_client client;
    struct endpoint server;
    enum web_attack kind;
    uint64_t count;
    uint64_t given;   /* answered as if all were well */
    uint64_t refused; /* or sent elsewhere */
    uint64_t in_body;
    struct trace_spot first;
    struct trace_spot last;
    struct trace_spot best; /* the first that was not refused, else the first */
    struct trace_name words;
    struct trace_name target;
    struct trace_name method;
    struct trace_name status;
    struct trace_name agent;
    struct trace_name site;
    bool best_is_refused;
};

struct attack_state {
    struct recent attempts;
    bool is_open;
    uint64_t raised;
};

static bool is_refused(enum web_answer answer)
{
    return answer == WEB_REFUSED || answer == WEB_ELSEWHERE;
}

static enum status raise(struct detection *detection, struct attack_state *state,
                         const struct attempts *attempts)
{
    if (state->raised == FINDINGS_GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    bool all_refused = attempts->refused == attempts->count;
    struct web_names AUTO(web_names_done) names;
    web_names_init(&names, &attempts->client, &attempts->server,
                   trace_name_get(&attempts->site));
    struct entity entities[4];
    size_t entity_count = 0;
    web_names_add(&names, &attempts->client, entities, &entity_count);
    trace_entity(entities, &entity_count, ENTITY_URL, ROLE_VICTIM,
                 trace_name_get(&attempts->target));
    const struct fact facts[] = {
        fact_text("attempt", bytes_of_text(web_attack_name(attempts->kind))),
        fact_text("words", trace_name_get(&attempts->words)),
        fact_text("url", trace_name_get(&attempts->target)),
        fact_text("method", trace_name_get(&attempts->method)),
        fact_text("status", trace_name_get(&attempts->status)),
        fact_text("user_agent", trace_name_get(&attempts->agent)),
        fact_count("request_count", attempts->count),
        fact_count("answered_count", attempts->given),
        fact_count("refused_count", attempts->refused),
        fact_count("in_body_count", attempts->in_body),
    };
    /* Of a log nobody can tell, and of most captures there is nothing to tell. */
    size_t fact_count = sizeof facts / sizeof *facts - (attempts->in_body == 0);
    const struct cite cites[] = {trace_cite(&attempts->first), trace_cite(&attempts->best),
                                 trace_cite(&attempts->last)};
    bool best_is_first = place_compare(&attempts->first.place, &attempts->best.place) == 0;
    bool is_one = place_compare(&attempts->first.place, &attempts->last.place) == 0;
    const struct cite short_cites[] = {cites[0], cites[2]};
    struct bytes technique = bytes_of_text("T1190");
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/web-attack"),
                       .title = BYTES_LITERAL("A request was made to break into a web server"),
                       .techniques = &technique,
                       .technique_count = 1,
                       .severity = all_refused ? SEVERITY_LOW : SEVERITY_MEDIUM,
                       .confidence = attempts->count > 1 ? 0.9 : 0.8,
                       .first = attempts->first.at,
                       .last = attempts->last.at,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = fact_count,
                       .cites = best_is_first ? short_cites : cites,
                       .cite_count = is_one          ? 1
                                     : best_is_first ? 2
                                                     : 3,
                   });
}

static enum status find(struct detection *detection, struct attack_state *state,
                        const struct web_client *client, enum web_attack kind,
                        struct attempts **out)
{
    if (!state->is_open) {
        TRY(recent_init(&state->attempts, detection->evidence, ATTEMPTS_MAX,
                        sizeof(struct attempts)));
        state->is_open = true;
    }
    const uint8_t letter = (uint8_t)kind;
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){&letter, 1}, 1);
    web_client_add_key(&key, client);
    *out = recent_find(&state->attempts, recent_key_bytes(&key));
    if (*out != NULL) {
        return STATUS_OK;
    }
    const struct attempts *oldest = recent_next_out(&state->attempts);
    if (oldest != NULL) {
        TRY(raise(detection, state, oldest));
    }
    *out = recent_add(&state->attempts, recent_key_bytes(&key));
    if (*out == NULL) {
        return STATUS_NO_MEMORY;
    }
    (*out)->client = *client;
    (*out)->kind = kind;
    return STATUS_OK;
}

/* What a request shows, and in which value of its body; NULL for its head. */
struct shown {
    struct web_sign sign;
    const struct body_field *field;
};

/* Keeps what the finding will show: the first attempt, or the first that got an answer. */
static void keep_best(struct attempts *attempts, const struct record *record,
                      const struct shown *shown, bool refused)
{
    const struct transaction *transaction = record->transaction;
    trace_spot_set(&attempts->best, record);
    if (shown->field == NULL) {
        trace_name_set(&attempts->words, bytes_trim(shown->sign.words));
    } else {
        web_body_show(shown->field, shown->sign.words, &attempts->words);
    }
    trace_name_set(&attempts->target, transaction_field(transaction, FIELD_URL_PATH));
    trace_name_set(&attempts->method, transaction_field(transaction, FIELD_HTTP_METHOD));
    trace_name_set(&attempts->status, transaction_field(transaction, FIELD_HTTP_STATUS));
    trace_name_set(&attempts->agent, transaction_field(transaction, FIELD_HTTP_USER_AGENT));
    trace_name_set(&attempts->site, transaction_field(transaction, FIELD_HTTP_HOST));
    attempts->server = transaction->server;
    attempts->best_is_refused = refused;
}

/* Dots and slashes need no encoding: who encodes them wants them read later than checked. */
static bool has_encoded_path(struct bytes target)
{
    /* rows: one deleted at a time by make prove */
    static const char *const encoded[] = {"%2e", "%2E", "%252e", "%252E", "%5c", "%5C"};
    for (size_t i = 0; i < sizeof encoded / sizeof *encoded; i++) {
        if (bytes_contains(target, encoded[i])) {
            return true;
        }
    }
    return false;
}

static bool find_sign(const struct transaction *transaction, struct web_plain *plain,
                      struct shown *out)
{
    struct web_sign *sign = &out->sign;
    out->field = NULL;
    struct bytes target = transaction_field(transaction, FIELD_URL_PATH);
    web_plain_set(plain, target);
    if (web_sign_find(web_plain_get(plain), has_encoded_path(target), sign)) {
        return true;
    }
    static const enum field headers[] = {FIELD_HTTP_USER_AGENT, FIELD_HTTP_REFERRER};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        web_plain_set(plain, transaction_field(transaction, headers[i]));
        if (web_sign_find_in_header(web_plain_get(plain), sign)) {
            return true;
        }
    }
    for (size_t i = 0; i < transaction->body_field_count; i++) {
        out->field = &transaction->body_fields[i];
        if (web_body_sign(out->field, plain, sign)) {
            return true;
        }
    }
    return false;
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct attack_state *state = context;
    struct web_plain plain;
    struct shown shown;
    struct web_client client;
    if (transaction->kind != TRANSACTION_HTTP || !find_sign(transaction, &plain, &shown) ||
        !web_client_of(transaction, &client)) {
        return STATUS_OK;
    }
    struct attempts *attempts;
    TRY(find(detection, state, &client, shown.sign.kind, &attempts));
    enum web_answer answer = web_answer_of(transaction);
    bool refused = is_refused(answer);
    if (attempts->count == 0) {
        trace_spot_set(&attempts->first, record);
    }
    if (attempts->count == 0 || (attempts->best_is_refused && !refused)) {
        keep_best(attempts, record, &shown, refused);
    }
    trace_spot_set(&attempts->last, record);
    attempts->count++;
    attempts->given += answer == WEB_GIVEN;
    attempts->refused += refused;
    attempts->in_body += shown.field != NULL;
    return STATUS_OK;
}

static enum status finish(struct detection *detection, void *context)
{
    struct attack_state *state = context;
    const struct attempts *attempts = state->is_open ? recent_first(&state->attempts) : NULL;
    for (; attempts != NULL; attempts = recent_after(&state->attempts, attempts)) {
        TRY(raise(detection, state, attempts));
    }
    return STATUS_OK;
}

const struct detector web_attack_detector = {
    .name = "web-attack",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct attack_state),
    .take = take,
    .finish = finish,
};
