#include "parse/script/dialect.h"

#include "check.h"

static void a_shell_is_known_by_what_others_do_not_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum shell_dialect dialect;
    } rows[] = {
        {"ls -la /tmp", SHELL_UNIX},
        {"date +%Y-%m-%d && printf '%s\\n' \"$x\"", SHELL_UNIX},
        {"grep 'a\\|b' /etc/passwd | sed 's/x\\.y/z/'", SHELL_UNIX},
        {"perl -e '$x = 1; $y = 2; print $x'", SHELL_UNIX},
        {"update-rc.d ssh defaults; add-apt-repository ppa:x/y", SHELL_UNIX},
        {"#!/bin/sh\nGet-Item C:\\x", SHELL_UNIX},
        {"# Get-Item says so\nls", SHELL_UNIX},
        {"curl 'http://h.example/%41%42%43'", SHELL_UNIX},
        {"docker run -v /data:/data image", SHELL_UNIX},
        {"cd /data; ls /", SHELL_UNIX},
        {"Get-ChildItem env:", SHELL_POWERSHELL},
        {"get-process | sort", SHELL_POWERSHELL},
        {"$client = New-Object Net.WebClient", SHELL_POWERSHELL},
        {"$x=1", SHELL_POWERSHELL},
        {"$x.Fetch('a')", SHELL_POWERSHELL},
        {"dir $env:TEMP", SHELL_POWERSHELL},
        {"[Console]::Beep()", SHELL_POWERSHELL},
        {"iex $text", SHELL_POWERSHELL},
        {"for f in a b; do date +%F; done", SHELL_UNIX},
        {"start; restart x", SHELL_UNIX},
        {"grep '\\\\word' a.txt", SHELL_UNIX},
        {"for %f in (*.log) do del \"%f\"", SHELL_PROMPT},
        {"start \"title\" /min program", SHELL_PROMPT},
        {"sc create x binPath= \"a b\"", SHELL_PROMPT},
        {"certutil -decode a b", SHELL_PROMPT},
        {"schtasks /query", SHELL_PROMPT},
        {"powershell -nop -c \"Get-Item x\"", SHELL_PROMPT},
        {"type %appdata%\\notes.txt", SHELL_PROMPT},
        {"C:\\tools\\x.exe -a", SHELL_PROMPT},
        {".\\run -a", SHELL_PROMPT},
        {"copy a \\\\files\\share\\b", SHELL_PROMPT},
        {"dir /s /b", SHELL_PROMPT},
        {"shutdown /l", SHELL_PROMPT},
        {"net localgroup x y /add", SHELL_PROMPT},
        {"net ads join -U x", SHELL_UNIX},
        {"du -s /home /usr", SHELL_UNIX},
        {"tool.exe --help", SHELL_PROMPT},
        {"\"%ProgramFiles(x86)%\\a\\b\"", SHELL_PROMPT},
        {"echo x > nul & cd notes\\2026\\may", SHELL_PROMPT},
        {"", SHELL_UNIX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (dialect_of(bytes_of_text(rows[i].text)) != rows[i].dialect) {
            fail_msg("%s", rows[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shell_is_known_by_what_others_do_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
