/* Captures of requests that bring a body, one connection each. */
#pragma once

#include "detect/observe.h"

#define WEB_POST_FORM "application/x-www-form-urlencoded"
#define WEB_POST_JSON "application/json"
#define WEB_POST_PARTS "multipart/form-data; boundary=b7"

struct web_post {
    struct make_capture capture;
    struct make_talk talk;
};

static inline void web_post_open(struct web_post *post)
{
    *post = (struct web_post){.talk = {.client = {203, 0, 113, 7},
                                       .server = {192, 0, 2, 80},
                                       .client_port = 40000,
                                       .server_port = 80}};
    make_open(&post->capture, 1);
}

/* One more request of the client, answered with `status`. */
static inline void web_post_add(struct web_post *post, const char *path, const char *type,
                                struct bytes body, unsigned status)
{
    struct text AUTO(text_done) request = text_of_limit(1U << 20);
    struct text AUTO(text_done) answer = text_of_limit(200);
    text_addf(&request,
              "POST %s HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: tool/1\r\n"
              "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
              path, type, body.size);
    text_add_raw(&request, body);
    text_addf(&answer, "HTTP/1.1 %u Said\r\nContent-Length: 0\r\n\r\n", status);
    post->talk.client_port++;
    post->talk.client_sequence = 1;
    post->talk.server_sequence = 1;
    make_connect(&post->capture, &post->talk);
    make_say(&post->capture, &post->talk, true, text_bytes(&request));
    make_say(&post->capture, &post->talk, false, text_bytes(&answer));
    make_close(&post->capture, &post->talk);
    post->capture.at_ns += 1000000000;
}

static inline void web_post_add_text(struct web_post *post, const char *path, const char *type,
                                     const char *body)
{
    web_post_add(post, path, type, bytes_of_text(body), 200);
}

/* What is said of it in lines that begin with `prefix`; the capture is done with. */
static inline void web_post_says(struct web_post *post, const char *prefix,
                                 const char *expected)
{
    assert_observes(&post->capture, prefix, expected);
}
