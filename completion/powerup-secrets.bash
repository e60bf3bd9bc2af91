# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Completion of powerup-secrets in bash. tests/cli/help.test.js holds it against the program's own
# table of commands (powerup-secrets help --table).

# The options of each command beside --state, --json and --help.
_powerup_secrets_options() {
    case "$1" in
    storage | sign-out | fidelity | clear-site-data | items | answer) echo --origin --timeout ;;
    sign-in | remove-personal-settings | rotate-key) echo --origin --member --timeout ;;
    seed) echo --origin --key --member --top-level-site --value-file --timeout ;;
    reveal) echo --origin --key --member --top-level-site --timeout ;;
    "item get" | "item remove") echo --origin --slot --key --member --top-level-site --timeout ;;
    "item set") echo --origin --slot --key --member --top-level-site --value-file --timeout ;;
    "plugin-data get" | "plugin-data remove")
        echo --origin --scope --visibility --owner --member --name --timeout
        ;;
    "plugin-data set")
        echo --origin --scope --visibility --owner --member --name --text-file --timeout
        ;;
    fault) echo --origin --op --error --delay --no-reply --times --clear --timeout ;;
    calls) echo --origin --problems --last --clear --timeout ;;
    invoke) echo --origin --options --timeout ;;
    browser-profile | partition | power-up | reset) echo --timeout ;;
    browsers) echo --wait --timeout ;;
    install) echo --browser --system --user-data-dir --table ;;
    uninstall) echo --browser --system --user-data-dir ;;
    doctor) echo --browser --user-data-dir --timeout ;;
    encrypt | decrypt) echo --key --value-file ;;
    help) echo --table ;;
    esac
}

# What a word may be after an option or a command; nothing where anything may be.
_powerup_secrets_values() {
    case "$1" in
    --op) echo storeSecret loadSecret clearSecret get set board card cards list lists member organization ;;
    --browser)
        echo brave chrome chrome-beta chrome-dev chrome-for-testing chromium edge edge-beta edge-dev \
            firefox floorp helium iridium librewolf opera slimjet tor-browser ungoogled-chromium \
            vivaldi waterfox yandex zen
        ;;
    --scope) echo board card member organization ;;
    --visibility) echo shared private ;;
    storage) echo enabled denied missing full ;;
    fidelity) echo documented library ;;
    partition) echo on off ;;
    item) echo get set remove ;;
    plugin-data) echo get set remove ;;
    esac
}

_powerup_secrets_commands="answer browser-profile browsers calls clear-site-data decrypt doctor encrypt
fault fidelity help install invoke item items partition plugin-data power-up remove-personal-settings
reset reveal rotate-key seed sign-in sign-out storage uninstall"

_powerup_secrets() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local at words=() offered
    # The words before this one that are neither options nor their values.
    for ((at = 1; at < COMP_CWORD; at++)); do
        case "${COMP_WORDS[at]}" in
        --json | --help | --version | --clear | --no-reply | --problems | --system | --table | --*=*) ;;
        --*) ((at++)) ;;
        *) words+=("${COMP_WORDS[at]}") ;;
        esac
    done
    COMPREPLY=()
    case "$previous" in
    --state | --user-data-dir)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --value-file | --text-file)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --json | --help | --version | --clear | --no-reply | --problems | --system | --table) ;;
    --*)
        mapfile -t COMPREPLY < <(compgen -W "$(_powerup_secrets_values "$previous")" -- "$current")
        return
        ;;
    esac
    local command=${words[0]-}
    case "$command" in
    item | plugin-data) [ "${#words[@]}" -lt 2 ] || command="$command ${words[1]}" ;;
    esac
    if [[ $current == -* ]]; then
        offered="--state --json --help $(_powerup_secrets_options "$command")"
        [ -n "$command" ] || offered+=" --timeout --version"
    elif [ "${#words[@]}" -eq 0 ] || { [ "$command" = help ] && [ "${#words[@]}" -eq 1 ]; }; then
        offered=$_powerup_secrets_commands
    elif [ "${#words[@]}" -eq 1 ]; then
        offered=$(_powerup_secrets_values "$command")
    fi
    mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
}

complete -F _powerup_secrets powerup-secrets
