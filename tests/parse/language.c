#include "parse/language.h"

#include "check.h"
#include "parse/script/dialect.h"

struct row {
    const char *text;
    enum statement_language language;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes text = bytes_of_text(rows[i].text);
        enum statement_language language = language_of(text, dialect_of(text));
        if (language != rows[i].language) {
            fail_msg("%s: taken for %d", rows[i].text, (int)language);
        }
    }
}

static void code_is_told_by_how_it_begins(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<?php x;", LANGUAGE_PHP},
        {"<?= x ?>", LANGUAGE_PHP},
        {"<% x %>", LANGUAGE_PAGE},
        {"<!DOCTYPE html>", LANGUAGE_PAGE},
        {"<?xml version='1'?>", LANGUAGE_PAGE},
        {"#include <stdio.h>", LANGUAGE_C},
        {"${jndi:ldap://a.example/b}", LANGUAGE_LOOKUP},
        {"${${lower:j}ndi:ldap://a.example}", LANGUAGE_LOOKUP},
        {"import java.io.File;", LANGUAGE_JAVA},
        {"public class A {}", LANGUAGE_JAVA},
        {"Runtime.getRuntime().x", LANGUAGE_JAVA},
        {"new java.lang.A()", LANGUAGE_JAVA},
        {"javascript:x", LANGUAGE_JAVASCRIPT},
        {"const x = 1", LANGUAGE_JAVASCRIPT},
        {"document.title = 1", LANGUAGE_JAVASCRIPT},
        {"window.x = 1", LANGUAGE_JAVASCRIPT},
        {"console.log(1)", LANGUAGE_JAVASCRIPT},
        {"(function(){})", LANGUAGE_JAVASCRIPT},
        {"(() => x)", LANGUAGE_JAVASCRIPT},
        {"(()=>x)", LANGUAGE_JAVASCRIPT},
        {"#!/usr/bin/env python3\nx", LANGUAGE_PYTHON},
        {"#!/usr/bin/python\nx", LANGUAGE_PYTHON},
        {"#!/usr/bin/perl\nx", LANGUAGE_PERL},
        {"#!/usr/bin/env perl\nx", LANGUAGE_PERL},
        {"#!/usr/bin/env node\nx", LANGUAGE_JAVASCRIPT},
        {"#!/usr/bin/env ruby\nx", LANGUAGE_RUBY},
        {"CreateObject(\"x\")", LANGUAGE_VISUAL_BASIC},
        {"Sub AutoOpen()", LANGUAGE_VISUAL_BASIC},
        {"Sub Document_Open()", LANGUAGE_VISUAL_BASIC},
        {"' OR '1'='1", LANGUAGE_SQL},
        {"' or 1=1 --", LANGUAGE_SQL},
        {"' union select 1", LANGUAGE_SQL},
        {"UNION SELECT 1", LANGUAGE_SQL},
        {"union all select 1", LANGUAGE_SQL},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void code_is_told_by_its_shape(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"SELECT a FROM b", LANGUAGE_SQL},
        {"drop table a;", LANGUAGE_SQL},
        {"import os, sys", LANGUAGE_PYTHON},
        {"from os import path", LANGUAGE_PYTHON},
        {"use Socket; x", LANGUAGE_PERL},
        {"my $x = 1;", LANGUAGE_PERL},
        {"let x = 1", LANGUAGE_JAVASCRIPT},
        {"<img src=x onerror=y>", LANGUAGE_PAGE},
        {"{\"a\": 1}", LANGUAGE_JSON},
        {"[{\"a\": 1}]", LANGUAGE_JSON},
        {"@eval($_POST['x']);", LANGUAGE_PHP},
        {"__import__('os').x()", LANGUAGE_PYTHON},
        {"eval(atob('eA=='))", LANGUAGE_JAVASCRIPT},
        {"frob(1)", LANGUAGE_UNKNOWN},
        {"admin' OR '1'='1' --", LANGUAGE_SQL},
        {"1; WAITFOR DELAY '0:0:5'--", LANGUAGE_SQL},
        {"%3Ca%3E%28%29", LANGUAGE_ADDRESS},
        {"$f=create_function('',$_COOKIE['c']);", LANGUAGE_PHP},
        {"var x = new ActiveXObject(\"a.exe\")", LANGUAGE_JAVASCRIPT},
        {"Set x = CreateObject(\"y\")", LANGUAGE_VISUAL_BASIC},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void what_may_be_a_shells_is_left_to_it(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ls -l", LANGUAGE_NONE},
        {"f() { ls; }", LANGUAGE_NONE},
        {"import -window root a.png", LANGUAGE_NONE},
        {"import a.png", LANGUAGE_NONE},
        {"let x=1", LANGUAGE_NONE},
        {"select x in a b; do ls; done", LANGUAGE_NONE},
        {"update x", LANGUAGE_NONE},
        {"<a.txt sort", LANGUAGE_NONE},
        {"<Esc><q>", LANGUAGE_NONE},
        {"{ ls; }", LANGUAGE_NONE},
        {"[ -f a ]", LANGUAGE_NONE},
        {"(cd a; ls)", LANGUAGE_NONE},
        {"IEX(New-Object Net.WebClient)", LANGUAGE_NONE},
        {"$x = Get-Item(1)", LANGUAGE_NONE},
        {"if(test -f a) then ls; fi", LANGUAGE_NONE},
        {"curl -d '<?php x ?>' a.example", LANGUAGE_NONE},
        {"use database", LANGUAGE_NONE},
        {"${x}", LANGUAGE_NONE},
        {"set x=y", LANGUAGE_NONE},
        {"%temp%\\a.exe", LANGUAGE_NONE},
        {"date +%F-%H%M%S%a", LANGUAGE_NONE},
        {"$x = $_.Name", LANGUAGE_NONE},
        {"grep \"' or 1\" a.log", LANGUAGE_NONE},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_told_by_how_it_begins),
        cmocka_unit_test(code_is_told_by_its_shape),
        cmocka_unit_test(what_may_be_a_shells_is_left_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
