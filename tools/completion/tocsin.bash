# Completion of tocsin's command line for bash.  Made by tools/make-documents from
# docs/operations.md; a test fails where it is not current.

_tocsin_commands=(
    'analyze'
    'watch'
    'explain'
    'report'
    'respond'
    'ask'
    'show'
    'extract'
    'access show'
    'access eligibility'
    'access audit show'
    'access why'
    'access my-log'
    'access audit verify'
    'access audit export'
    'access audit monitor'
    'access audit prove'
    'access audit cosign'
    'access witness'
    'access recipient'
    'access seal'
    'access split'
    'access join'
    'access card'
    'access init'
    'access enrol'
    'access remove'
    'access forget'
    'access vouch'
    'access request'
    'access approve'
    'access grant'
    'access accept'
    'access narrow'
    'access revoke'
    'access registry'
    'demo'
    'help'
    'version'
)

_tocsin_options() {
    case "$*" in
        'analyze') echo '-a --audience -f --format --fail-on -o --output -j --jobs --year --zone --site --since --until --redact --model --color --pack --evidence-owner -h --help' ;;
        'watch') echo '-f --format --fail-on --year --zone --site --redact --color --replay --speed -h --help' ;;
        'explain'|'respond'|'ask') echo '-f --format -o --output --color -h --help' ;;
        'report') echo '-a --audience -f --format -o --output --color -h --help' ;;
        'show') echo '-f --format -e --evidence -h --help' ;;
        'extract') echo '-f --format -e --evidence -t --to -h --help' ;;
        'access show'|'access audit show'|'access why'|'access recipient'|'access join'|'access forget'|'version') echo '-f --format -h --help' ;;
        'access eligibility'|'access my-log') echo '-f --format --subject -h --help' ;;
        'access audit verify') echo '-f --format --key --proof --witness -h --help' ;;
        'access audit export'|'access audit prove') echo '-f --format --key --out -h --help' ;;
        'access audit monitor') echo '-f --format --key --out --since -h --help' ;;
        'access audit cosign') echo '-f --format --out --in --witness --old -h --help' ;;
        'access witness') echo '-f --format --out --in --key -h --help' ;;
        'access seal') echo '-f --format -t --to --out --armour --group -h --help' ;;
        'access split'|'access grant') echo '-f --format --out -h --help' ;;
        'access card') echo '-f --format --out --name -h --help' ;;
        'access init') echo '-f --format --out --in --group --officer --witness --quorum -h --help' ;;
        'access enrol') echo '-f --format --out --in --facts --group --name --organisation --contact -h --help' ;;
        'access remove') echo '-f --format --reason -h --help' ;;
        'access vouch') echo '-f --format --out --in --group -h --help' ;;
        'access request') echo '-f --format --out --in --group --pack --hours --reason --asset -h --help' ;;
        'access approve') echo '-f --format --out --group -h --help' ;;
        'access accept') echo '-f --format --group -h --help' ;;
        'access narrow') echo '-f --format --out --pack --agent --minutes --calls --evidence-owner -h --help' ;;
        'access revoke') echo '-f --format --out --subject --organisation --agent --key --all -h --help' ;;
        'access registry') echo '-f --format --rebuild -h --help' ;;
        'demo') echo '--fast -h --help' ;;
        'help') echo '--operations -h --help' ;;
    esac
}

_tocsin_value() {
    case "$*" in
        'analyze -a'|'analyze --audience'|'report -a'|'report --audience') echo 'leader responder analyst' ;;
        'analyze -f'|'analyze --format'|'report -f'|'report --format'|'respond -f'|'respond --format') echo 'text json html markdown' ;;
        'analyze --fail-on'|'watch --fail-on') echo 'info low medium high critical' ;;
        'analyze -o'|'analyze --output'|'analyze --site'|'watch --site'|'explain -o'|'explain --output'|'report -o'|'report --output'|'respond -o'|'respond --output'|'ask -o'|'ask --output'|'show -e'|'show --evidence'|'extract -e'|'extract --evidence'|'access audit verify --proof'|'access audit export --out'|'access audit monitor --out'|'access audit monitor --since'|'access audit prove --out'|'access audit cosign --out'|'access audit cosign --in'|'access witness --out'|'access witness --in'|'access seal --out'|'access seal --group'|'access split --out'|'access card --out'|'access init --out'|'access init --in'|'access enrol --out'|'access enrol --in'|'access enrol --facts'|'access enrol --group'|'access vouch --out'|'access vouch --in'|'access vouch --group'|'access request --out'|'access request --in'|'access request --group'|'access approve --out'|'access approve --group'|'access grant --out'|'access accept --group'|'access narrow --out'|'access narrow --agent'|'access revoke --out'|'access revoke --agent') echo '@file' ;;
        'analyze -j'|'analyze --jobs'|'analyze --year'|'analyze --zone'|'analyze --since'|'analyze --until'|'analyze --pack'|'analyze --evidence-owner'|'watch --year'|'watch --zone'|'access eligibility --subject'|'access my-log --subject'|'access audit verify --key'|'access audit export --key'|'access audit monitor --key'|'access audit prove --key'|'access audit cosign --old'|'access card --name'|'access init --group'|'access init --officer'|'access init --quorum'|'access enrol --name'|'access enrol --organisation'|'access enrol --contact'|'access remove --reason'|'access request --pack'|'access request --hours'|'access request --reason'|'access request --asset'|'access narrow --pack'|'access narrow --minutes'|'access narrow --calls'|'access narrow --evidence-owner'|'access revoke --subject'|'access revoke --organisation'|'access revoke --key') echo '@' ;;
        'analyze --model') echo 'public critical' ;;
        'analyze --color'|'watch --color'|'explain --color'|'report --color'|'respond --color'|'ask --color') echo 'auto always never' ;;
        'watch -f'|'watch --format'|'explain -f'|'explain --format'|'ask -f'|'ask --format'|'show -f'|'show --format'|'extract -f'|'extract --format'|'access show -f'|'access show --format'|'access eligibility -f'|'access eligibility --format'|'access audit show -f'|'access audit show --format'|'access why -f'|'access why --format'|'access my-log -f'|'access my-log --format'|'access audit verify -f'|'access audit verify --format'|'access audit export -f'|'access audit export --format'|'access audit monitor -f'|'access audit monitor --format'|'access audit prove -f'|'access audit prove --format'|'access audit cosign -f'|'access audit cosign --format'|'access witness -f'|'access witness --format'|'access recipient -f'|'access recipient --format'|'access seal -f'|'access seal --format'|'access split -f'|'access split --format'|'access join -f'|'access join --format'|'access card -f'|'access card --format'|'access init -f'|'access init --format'|'access enrol -f'|'access enrol --format'|'access remove -f'|'access remove --format'|'access forget -f'|'access forget --format'|'access vouch -f'|'access vouch --format'|'access request -f'|'access request --format'|'access approve -f'|'access approve --format'|'access grant -f'|'access grant --format'|'access accept -f'|'access accept --format'|'access narrow -f'|'access narrow --format'|'access revoke -f'|'access revoke --format'|'access registry -f'|'access registry --format'|'version -f'|'version --format') echo 'text json' ;;
        'watch --speed') echo 'N max' ;;
        'extract -t'|'extract --to') echo '@folder' ;;
        'access audit verify --witness'|'access audit cosign --witness'|'access witness --key'|'access init --witness') echo 'KEY FILE' ;;
        'access seal -t'|'access seal --to') echo 'RECIPIENT FILE' ;;
    esac
}

_tocsin_operand() {
    case "$*" in
        'analyze '*|'watch '*|'report '0|'respond '0|'ask '0|'show '0|'extract '0|'access seal '0|'access accept '0) echo '@file' ;;
        'explain '*|'ask '[1-9]*|'show '1|'extract '1|'access eligibility '0|'access why '0|'access audit prove '0|'access join '*|'access remove '0|'access vouch '0|'access grant '0|'demo '0) echo '@' ;;
        'access forget '0) echo 'KEY CARD' ;;
        'access approve '0) echo 'DRAFT CARD' ;;
        'access revoke '0) echo 'GRANT ID' ;;
        'help '*) echo 'analyze watch explain report respond ask show extract access demo help version' ;;
    esac
}

# The next word of each command that begins with the words typed so far.
_tocsin_next() {
    local command
    for command in "${_tocsin_commands[@]}"; do
        case $command in
            "$1"*) command=${command#"$1"}; printf '%s\n' "${command%% *}" ;;
        esac
    done | sort -u
}

# Offers names of files, or of folders only.
_tocsin_offer_names() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_tocsin_offer() {
    case $1 in
        @file) _tocsin_offer_names -f "$2" ;;
        @folder) _tocsin_offer_names -d "$2" ;;
        @) ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
    esac
}

_tocsin() {
    local word=${COMP_WORDS[COMP_CWORD]} command='' typed='' option='' count=0 at=1
    COMPREPLY=()
    # The longest run of words that is a command, or the beginning of one.
    while [ "$at" -lt "$COMP_CWORD" ] && [ -n "$(_tocsin_next "$typed${COMP_WORDS[at]} ")" ]; do
        typed="$typed${COMP_WORDS[at]} "
        at=$((at + 1))
    done
    if [ "$at" -lt "$COMP_CWORD" ] && [ -n "$(_tocsin_options "$typed${COMP_WORDS[at]}")" ]; then
        command=$typed${COMP_WORDS[at]}
    else
        [ "$at" -lt "$COMP_CWORD" ] || _tocsin_offer "$(_tocsin_next "$typed")" "$word"
        return
    fi
    # What the words behind it are: options, their values (bash takes "=" for a word), operands.
    for ((at++; at < COMP_CWORD; at++)); do
        case ${COMP_WORDS[at]} in
            =) ;;
            -?*) option=''; [ -z "$(_tocsin_value "$command" "${COMP_WORDS[at]}")" ] || option=${COMP_WORDS[at]} ;;
            *) [ -n "$option" ] || count=$((count + 1)); option='' ;;
        esac
    done
    [ "$word" != = ] || word=''
    if [ -n "$option" ]; then
        _tocsin_offer "$(_tocsin_value "$command" "$option")" "$word"
    elif [[ $word == -* ]]; then
        _tocsin_offer "$(_tocsin_options "$command")" "$word"
    else
        _tocsin_offer "$(_tocsin_operand "$command" "$count")" "$word"
    fi
}

complete -F _tocsin tocsin
