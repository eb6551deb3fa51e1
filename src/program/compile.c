/* tocsin-compile: content/ in, one checked image out.  Confined: it reads what analysts wrote,
 * opens nothing, and hands the image back in a memory file.
 *
 * A rule pack that is to be sealed or accepted is judged by its own cases, which are scripts:
 * so it reads those too. Every YAML file is read, checked by the folder that will use it, and
 * packed as a tree under its own name.  The first mistake is reported with file and line, and
 * nothing is packed. Weights that are damaged are left out and named: the rules work without
 * them. */
#include "base/lent_file.h"
#include "base/memory_file.h"
#include "codec/bundle.h"
#include "codec/yaml.h"
#include "detect/capability/rule_pack.h"
#include "detect/capability/rule_set.h"
#include "detect/engine.h"
#include "explain/answer.h"
#include "explain/glossary.h"
#include "explain/knowledge.h"
#include "explain/phrase.h"
#include "model/sieve.h"
#include "parse/script/shell.h"
#include "record/parcel.h"
#include "respond/playbook.h"
#include "sandbox/service.h"

#define CHANNEL 3
#define MEMORY_SIZE_MAX (256U << 20)
#define ARENA_SIZE_MAX (192U << 20)
#define IMAGE_SIZE_MAX (128U << 20)
#define COMPLAINT_SIZE_MAX 512
#define CASE_MEMORY_MAX (16U << 20)
#define CASES_STEPS_MAX (UINT64_C(1) << 28)

struct check {
    const char *prefix;
    enum status (*check)(const struct tree_node *document, struct tree_fault *fault);
};

static enum status check_question(const struct tree_node *document, struct tree_fault *fault)
{
    TRY(question_check(document, fault));
    return tree_member(document, "words") != NULL ? STATUS_OK : answer_check(document, fault);
}

/* clang-format off */
/* The first whose prefix fits. */
static const struct check checks[] = {
    {"capabilities/", capability_check},
    {"knowledge/", knowledge_check},
    {"phrases/glossary", glossary_check},
    {"phrases/", phrase_check},
    {"playbooks/", playbook_check},
    {"questions/", check_question},
};
/* clang-format on */

static enum status check_document(struct bytes name, const struct tree_node *root,
                                  struct tree_fault *fault)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (bytes_starts(name, checks[i].prefix)) {
            return checks[i].check(root, fault);
        }
    }
    *fault = (struct tree_fault){"no part of the program reads this folder", 0};
    return STATUS_UNSUPPORTED;
}

static void complain(struct text *reply, struct bytes name, const struct tree_fault *fault)
{
    text_add_quoted(reply, name, PARCEL_NAME_SIZE_MAX);
    if (fault->line > 0) {
        text_addf(reply, ":%u", fault->line);
    }
    text_addf(reply, ": %s", fault->what == NULL ? "cannot be read" : fault->what);
}

/* content/ is known by the names within it; models/ keeps its own. */
static struct bytes name_in_image(struct bytes name)
{
    return bytes_starts(name, "content/") ? bytes_from(name, bytes_of_text("content/").size)
                                          : name;
}

/* Weights that examine or conclude will accept; what is wrong with others goes into the reply.
 */
static bool is_usable(const struct parcel_file *file, struct arena *arena, struct text *reply)
{
    struct weights weights;
    struct sieve sieve;
    struct question_weights questions;
    struct fault fault = {.what = "the weights of questions are damaged"};
    bool is_usable = bytes_equal_text(file->name, "models/questions.bin")
                         ? question_weights_read(file->content, arena, &questions) == STATUS_OK
                         : weights_read(file->content, &weights, &fault) == STATUS_OK &&
                               sieve_load(&weights, &sieve, &fault) == STATUS_OK;
    if (!is_usable) {
        complain(reply, file->name, &(struct tree_fault){.what = fault.what});
    }
    return is_usable;
}

static enum status compile_content(const struct parcel_file *file, struct arena *arena,
                                   struct bytes *out, struct tree_fault *fault)
{
    struct tree tree;
    TRY(tree_of_yaml(file->content, arena, &tree, fault));
    TRY(check_document(name_in_image(file->name), tree.nodes, fault));
    AUTO(text_done) struct text written = text_of_limit(IMAGE_SIZE_MAX);
    tree_write(&written, &tree);
    TRY(text_status(&written));
    return arena_copy(arena, text_bytes(&written), out);
}

static enum status compile(struct bytes image, struct arena *arena, struct text *out,
                           struct text *reply)
{
    const struct parcel_file *files;
    size_t count;
    TRY(parcel_read(image, arena, &files, &count));
    struct bundle_entry *entries = arena_take_many(arena, count, sizeof *entries);
    if (entries == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct bundle_entry *entry = &entries[kept];
        struct tree_fault fault = {0};
        enum status status = STATUS_OK;
        *entry = (struct bundle_entry){name_in_image(files[i].name), files[i].content};
        if (bytes_starts(files[i].name, "models/")) {
            /* Beside weights lie their cards, which are for people. */
            kept += bytes_ends(files[i].name, ".bin") && is_usable(&files[i], arena, reply);
            continue;
        }
        status = compile_content(&files[i], arena, &entry->content, &fault);
        if (status != STATUS_OK) {
            text_clear(reply);
            complain(reply, files[i].name, &fault);
            return status;
        }
        kept++;
    }
    return bundle_write(out, entries, kept);
}

/* Beside the content's own rules there may be too little room for a pack's. */
static enum status check_beside(int image, const struct rule_pack *pack, struct arena *arena,
                                struct tree_fault *out)
{
    struct bytes content;
    struct bundle bundle;
    struct rule_set set;
    struct fault fault = {.what = "the content it is used beside is damaged"};
    TRY(memory_file_map(image, IMAGE_SIZE_MAX, &content));
    enum status status = bundle_read(content, &bundle, &fault);
    if (status == STATUS_OK) {
        status = rule_set_load(&bundle, pack, arena, &set, &fault);
    }
    memory_file_unmap(&content);
    *out = (struct tree_fault){fault.what, 0};
    return status;
}

/* ---- a pack's own cases ---- */

/* What judges them: the rules of the pack, and nothing beside them. */
struct judging {
    const struct engine *engine;
    struct rule_set set;
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget; /* of all cases together */
};

static void judging_done(struct judging *judging)
{
    arena_free(judging->evidence);
    arena_free(judging->batch);
    arena_free(judging->result);
}

static enum status judging_open(const struct rule_pack *pack, struct arena *arena,
                                struct judging *out, struct tree_fault *why)
{
    struct fault fault = {NULL, 0};
    const struct engine_supply supply = {.pack = pack};
    *out = (struct judging){.evidence = arena_new(CASE_MEMORY_MAX),
                            .batch = arena_new(CASE_MEMORY_MAX),
                            .result = arena_new(CASE_MEMORY_MAX),
                            .budget = budget_of(CASES_STEPS_MAX)};
    if (out->evidence == NULL || out->batch == NULL || out->result == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = rule_set_load(NULL, pack, arena, &out->set, &fault);
    if (status == STATUS_OK) {
        status = engine_load(&supply, arena, &out->engine, &fault);
    }
    *why = (struct tree_fault){fault.what, 0};
    return status;
}

static enum status judge(struct judging *judging, struct bytes script, struct bytes rule,
                         bool *fires)
{
    struct examination examination = {0};
    struct detection detection;
    struct stream stream;
    const struct analysis_options options = {0};
    arena_reset(judging->evidence);
    arena_reset(judging->batch);
    arena_reset(judging->result);
    coverage_init(&examination.coverage, judging->result);
    TRY(detection_open(judging->engine, &options, judging->evidence, judging->result,
                       &examination, &detection));
    const struct record_sink sink = {detection_take, &detection};
    struct parse parse = {.evidence = judging->evidence,
                          .batch = judging->batch,
                          .budget = &judging->budget,
                          .sink = &sink,
                          .coverage = &examination.coverage};
    TRY(stream_of_bytes(&stream, script, judging->evidence));
    TRY(shell_read(&stream, &parse));
    TRY(detection_finish(&detection));
    *fires = false;
    for (size_t i = 0; i < examination.finding_count && !*fires; i++) {
        *fires = bytes_equal(examination.findings[i].rule, rule);
    }
    return STATUS_OK;
}

static enum status judge_cases(struct judging *judging, const struct rule *rule,
                               const char *kind, bool must_fire, struct tree_fault *fault)
{
    const struct tree_node *one = rule_case(rule, kind, NULL);
    for (; one != NULL; one = rule_case(rule, kind, one)) {
        bool fires = false;
        *fault = (struct tree_fault){"its cases take too long or too much memory", one->line};
        TRY(judge(judging, tree_text(one), rule->name, &fires));
        if (fires != must_fire) {
            fault->what = must_fire ? "the rule does not fire for this case of its own"
                                    : "the rule fires for a case that is to be quiet";
            return STATUS_MALFORMED;
        }
    }
    return STATUS_OK;
}

/* A pack whose own cases fail does not say what it means, whoever sealed it. */
static enum status check_cases(const struct rule_pack *pack, struct arena *arena,
                               struct tree_fault *fault)
{
    AUTO(judging_done) struct judging judging = {0};
    TRY(judging_open(pack, arena, &judging, fault));
    for (size_t i = 0; i < judging.set.rule_count; i++) {
        TRY(judge_cases(&judging, &judging.set.rules[i], "fires", true, fault));
        TRY(judge_cases(&judging, &judging.set.rules[i], "quiet", false, fault));
    }
    return STATUS_OK;
}

static enum status check_pack(const struct message *request, struct bytes text,
                              struct text *reply)
{
    AUTO(arena_done) struct arena *arena = arena_new(ARENA_SIZE_MAX);
    struct rule_pack pack;
    struct tree_fault fault = {.what = "there is no memory to read it"};
    enum status status =
        arena == NULL ? STATUS_NO_MEMORY : rule_pack_read(text, arena, &pack, &fault);
    /* Where it is used, its cases were judged when it was accepted. */
    if (status == STATUS_OK) {
        status = request->file_count > PACK_REQUEST_CONTENT
                     ? check_beside(request->files[PACK_REQUEST_CONTENT], &pack, arena, &fault)
                     : check_cases(&pack, arena, &fault);
    }
    if (status != STATUS_OK) {
        complain(reply, bytes_of_text("the pack"), &fault);
        return status;
    }
    restricted_write(reply, &pack.about);
    return text_status(reply);
}

static enum status answer_pack(const struct message *request, struct text *reply)
{
    if (request->file_count != 1 && request->file_count != PACK_REQUEST_CONTENT + 1) {
        return STATUS_MALFORMED;
    }
    struct bytes text;
    TRY(lent_file_map(request->files[PACK_REQUEST_PACK], RULE_PACK_SIZE_MAX, &text));
    enum status status = check_pack(request, text, reply);
    memory_file_unmap(&text);
    return status;
}

static enum status answer(void *context, const struct message *request, struct text *reply)
{
    (void)context;
    if (bytes_equal_text(request->body, PARCEL_ASKS_PACK)) {
        return answer_pack(request, reply);
    }
    if (request->file_count != 2) {
        return STATUS_MALFORMED;
    }
    struct bytes image;
    TRY(memory_file_map(request->files[PARCEL_REQUEST_PARCEL], PARCEL_SIZE_MAX, &image));
    AUTO(arena_done) struct arena *arena = arena_new(ARENA_SIZE_MAX);
    AUTO(text_done) struct text out = text_of_limit(IMAGE_SIZE_MAX);
    enum status status = arena == NULL ? STATUS_NO_MEMORY : compile(image, arena, &out, reply);
    if (status == STATUS_OK) {
        status = memory_file_write(request->files[PARCEL_REQUEST_OUTPUT], text_bytes(&out));
    }
    memory_file_unmap(&image);
    return status;
}

int main(void)
{
    const struct service_plan plan = {
        .channel = CHANNEL,
        .memory_size_max = MEMORY_SIZE_MAX,
        .result_size_max = IMAGE_SIZE_MAX,
        .answer = answer,
    };
    return service_run(&plan);
}
