#include "train/corpus.h"

#include <limits.h>

#include "codec/json_read.h"
#include "train/reading.h"

#define SCRIPT_MEMORY_MAX (256U << 20)

/* A file of rows, and which column holds what; -1 for none. */
struct table_file {
    enum corpus_kind kind;
    const char *file;
    bool has_header;
    bool is_quoted; /* comma separated, the text first, in quotes where it needs them */
    int columns;
    int text;
    int label;
    int group;
    int how;
};

static const struct table_file tables[] = {
    {CORPUS_COMMANDS, "commands/atomic-red-team.tsv", true, false, 4, 3, 0, 1, 2},
    {CORPUS_COMMANDS, "commands/lolbas.tsv", true, false, 4, 3, 0, 2, -1},
    {CORPUS_COMMANDS, "commands/gtfobins.tsv", true, false, 3, 2, 0, 1, -1},
    {CORPUS_COMMANDS, "commands/benign-tldr.tsv", true, false, 2, 1, -1, 0, -1},
    {CORPUS_COMMANDS, "commands/background-windows.tsv", true, false, 3, 2, -1, -1, -1},
    {CORPUS_WEB, "web/http-params.csv", true, true, 1, 0, -1, -1, -1},
    {CORPUS_WEB, "web/bad-queries.txt", false, false, 1, 0, -1, -1, -1},
    {CORPUS_WEB, "web/attack-payloads.tsv", true, false, 2, 1, 0, -1, -1},
    {CORPUS_DOMAINS, "domains/dga.tsv", true, false, 2, 1, 0, -1, -1},
    {CORPUS_DOMAINS, "domains/benign.txt", false, false, 1, 0, -1, -1, -1},
};

struct script_file {
    const char *file;
    bool is_held_out;
};

static const struct script_file scripts[] = {
    {"scripts/powershell-labelled.jsonl.zst", false},
    {"scripts/powershell-second-source.jsonl.zst", true},
};

struct visit {
    enum status (*take)(void *context, const struct corpus_item *item);
    void *context;
    const char *data;
};

const char *corpus_kind_name(enum corpus_kind kind)
{
    static const char *const names[CORPUS_KIND_COUNT] = {
        "commands", "scripts", "web", "domains", "logs", "rules", "network"};
    return names[kind];
}

static enum status load(const struct visit *visit, const char *file, struct text *out)
{
    struct text AUTO(text_done) path = text_of_limit(PATH_MAX);
    text_addf(&path, "%s/%s", visit->data, file);
    TRY(text_status(&path));
    return reading_file(text_terminated(&path), out);
}

/* The first field of a comma separated line (RFC 4180): "" within quotes is one quote. */
static struct bytes first_field(struct bytes line, struct text *out)
{
    text_clear(out);
    if (!bytes_starts(line, "\"")) {
        return bytes_part(line, 0, bytes_find_byte(line, ','));
    }
    for (size_t i = 1; i < line.size; i++) {
        bool is_quote = line.data[i] == '"';
        if (is_quote && (i + 1 == line.size || line.data[i + 1] != '"')) {
            break;
        }
        i += is_quote;
        text_add_byte(out, (char)line.data[i]);
    }
    return text_bytes(out);
}

static struct bytes column_of(const struct table_file *table, struct bytes line, int column)
{
    return column < 0 ? BYTES_NONE
                      : reading_column(line, (size_t)column, (size_t)table->columns);
}

static enum status visit_table(const struct visit *visit, const struct table_file *table)
{
    struct text AUTO(text_done) content = text_of_limit(READING_FILE_SIZE_MAX);
    struct text AUTO(text_done) field = text_of_limit(READING_FILE_SIZE_MAX);
    TRY(load(visit, table->file, &content));
    struct bytes rest = text_bytes(&content);
    struct bytes line;
    bool is_header = table->has_header;
    while (reading_line(&rest, &line)) {
        struct corpus_item item = {.file = table->file};
        item.text =
            table->is_quoted ? first_field(line, &field) : column_of(table, line, table->text);
        item.label = column_of(table, line, table->label);
        item.group = column_of(table, line, table->group);
        item.how = column_of(table, line, table->how);
        if (!is_header && item.text.size > 0) {
            TRY(visit->take(visit->context, &item));
        }
        is_header = false;
    }
    return STATUS_OK;
}

/* One JSON object a line, the script in "text", its label in "label": a word, or 0 and 1. */
static enum status visit_scripts(const struct visit *visit, const struct script_file *file)
{
    struct text AUTO(text_done) content = text_of_limit(READING_FILE_SIZE_MAX);
    TRY(load(visit, file->file, &content));
    struct arena *AUTO(arena_done) arena = arena_new(SCRIPT_MEMORY_MAX);
    struct bytes rest = text_bytes(&content);
    struct bytes line;
    while (arena != NULL && reading_line(&rest, &line)) {
        struct tree tree;
        struct tree_fault fault;
        TRY(tree_of_json(line, arena, &tree, &fault));
        const struct tree_node *label = tree_member(tree.nodes, "label");
        int64_t number = 0;
        struct corpus_item item = {
            .file = file->file,
            .text = tree_text(tree_member(tree.nodes, "text")),
            .label = tree_text(label),
            .group = tree_text(tree_member(tree.nodes, "source")),
            .is_held_out = file->is_held_out,
        };
        if (tree_integer(label, &number)) {
            item.label = bytes_of_text(number == 1 ? "malicious" : "benign");
        }
        if (item.text.size > 0) {
            TRY(visit->take(visit->context, &item));
        }
        arena_reset(arena);
    }
    return arena == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status visit_file(void *context, const char *path, const char *name)
{
    const struct visit *visit = context;
    struct text AUTO(text_done) content = text_of_limit(READING_FILE_SIZE_MAX);
    TRY(reading_file(path, &content));
    struct corpus_item item = {.file = name, .text = text_bytes(&content)};
    return item.text.size > 0 ? visit->take(visit->context, &item) : STATUS_OK;
}

static enum status visit_folder(const struct visit *visit, const char *folder)
{
    struct text AUTO(text_done) path = text_of_limit(PATH_MAX);
    text_addf(&path, "%s/%s", visit->data, folder);
    TRY(text_status(&path));
    struct visit copy = *visit;
    return reading_folder(text_terminated(&path), visit_file, &copy);
}

enum status corpus_read(const char *data, enum corpus_kind kind,
                        enum status (*take)(void *context, const struct corpus_item *item),
                        void *context)
{
    struct visit visit = {.take = take, .context = context, .data = data};
    if (kind >= CORPUS_LOGS) {
        return visit_folder(&visit, corpus_kind_name(kind));
    }
    for (size_t i = 0; kind == CORPUS_SCRIPTS && i < sizeof scripts / sizeof *scripts; i++) {
        TRY(visit_scripts(&visit, &scripts[i]));
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (tables[i].kind == kind) {
            TRY(visit_table(&visit, &tables[i]));
        }
    }
    return STATUS_OK;
}
