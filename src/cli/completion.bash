# shellcheck shell=bash
# bash completion for vpcwhy(1)                                             -*- shell-script -*-
# Sourced by bash-completion when `vpcwhy` is first completed; needs nothing but bash.

_vpcwhy() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local question='--from --to --proto --port --source-port --icmp-type --icmp-code --one-way --rules'
    local output='--format --color --quiet --help'
    local options=''
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'trace crosscheck timeline check query flows capture export-script --help --version' -- "$current")
        return
    fi

    case $previous in
    --format)
        case ${COMP_WORDS[1]} in
        trace) options='text json aws' ;;
        flows) options='text csv json' ;;
        query) options='table csv json' ;;
        *) options='text json' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
        ;;
    --sql)
        mapfile -t COMPREPLY < <(compgen -W 'athena clickhouse duckdb' -- "$current")
        return
        ;;
    --color)
        mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current")
        return
        ;;
    --proto)
        mapfile -t COMPREPLY < <(compgen -W 'icmp icmpv6 tcp udp' -- "$current")
        return
        ;;
    --from | --to)
        mapfile -t COMPREPLY < <(compgen -W 'internet' -- "$current")
        return
        ;;
    --port | --source-port | --icmp-type | --icmp-code | --since | --until | --log-format | \
        --format-string | --limit | --region | --profile) return ;;
    esac

    case ${COMP_WORDS[1]} in
    trace) options="$question $output" ;;
    crosscheck)
        options="$question --flow-logs --format-string --log-format --capture --filter --transcript --ping --since --until $output"
        ;;
    timeline)
        options="$question --flow-logs --format-string --log-format --capture --transcript --ping --cloudtrail --offset --since --until $output"
        ;;
    check) options="--rules $output" ;;
    query) options="--format-string --since --until --table --export $output" ;;
    capture) options="--filter $output" ;;
    flows)
        options="--partial --merge --sql --table --format-string --export --limit --since --until $output"
        ;;
    export-script) options='--region --profile --help' ;;
    esac
    case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
    # --capture END=FILE, --table NAME=FILE: bash splits the word at the "=".
    =) mapfile -t COMPREPLY < <(compgen -f) ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}

complete -o filenames -F _vpcwhy vpcwhy
