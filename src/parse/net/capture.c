#include "parse/net/capture.h"

#include "parse/net/dissect.h"
#include "parse/net/frames.h"

/* Not everything could be read. */
static void cut_short(struct dissection *dissection, const char *why)
{
    dissection_anomaly(dissection, why);
    dissection->parse->coverage->examined = EXAMINED_PARTLY;
    dissection->parse->coverage->why = why;
}

static enum status read_frames(struct frames *frames, struct dissection *dissection)
{
    for (;;) {
        struct captured captured;
        switch (frames_next(frames, &captured)) {
        case FRAMES_GIVEN:
            TRY(dissection_take(dissection, &captured));
            break;
        case FRAMES_DAMAGED:
            dissection_anomaly(dissection, frames->what);
            break;
        case FRAMES_ENDED:
            if (frames->what != NULL) {
                cut_short(dissection, frames->what);
            }
            return dissection->parse->budget->is_spent ? STATUS_LIMIT : STATUS_OK;
        }
    }
}

static void refuse(struct parse *parse, enum status status)
{
    struct coverage *coverage = parse->coverage;
    coverage->examined = EXAMINED_NO;
    coverage->why = "the capture's header is damaged";
    if (status == STATUS_UNSUPPORTED) {
        coverage->why = "modified pcap capture: not examined yet";
    } else if (status == STATUS_TRUNCATED) {
        coverage->why = "the capture ends within its header";
    }
}

enum status capture_read(struct stream *stream, struct parse *parse)
{
    struct frames frames;
    enum status status = frames_open(&frames, stream, parse->evidence, parse->budget);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        refuse(parse, status);
        return STATUS_OK;
    }
    AUTO(dissection_done) struct dissection dissection;
    TRY(dissection_init(&dissection, parse));
    status = read_frames(&frames, &dissection);
    /* What was seen is given whatever stopped the reading, unless it was the sink. */
    if (status == STATUS_OK || status == STATUS_LIMIT) {
        enum status finished = dissection_finish(&dissection);
        status = finished == STATUS_OK ? status : finished;
    }
    return status;
}
