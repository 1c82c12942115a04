/*
 * vpcwhy export-script: a POSIX shell script that collects what is read of an account.
 *
 * vpcwhy never talks to AWS. The script does, where and as whom its user decides, and it
 * can be read before it is run: the calls of export_calls.c, one a line, below a head of a
 * few functions that save what a call prints.
 */
#include "cli/export_script.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "cli/command.h"
#include "cli/export_calls.h"
#include "cli/output.h"

struct export_options {
    struct cli_list regions, profiles;
};

static const struct cli_option export_options[] = {
    {"region", CLI_LIST, offsetof(struct export_options, regions), "REGION",
     "a Region to collect (the configured one); may be given again"},
    {"profile", CLI_LIST, offsetof(struct export_options, profiles), "PROFILE",
     "a profile of the AWS CLI to collect as; may be given again"},
};

static const char head[] =
    "#!/bin/sh\n"
    "# Collects what vpcwhy reads of AWS networks: OUT/ACCOUNT/REGION/CALL.json.\n"
    "#\n"
    "#     sh SCRIPT [OUT]     OUT is \"exports\" unless given\n"
    "#\n"
    "# Needs the AWS CLI, version 2. Every call describes, gets, lists or searches; "
    "none\n"
    "# changes anything. A call that fails is named at the end, and the status is then "
    "1.\n"
    "# Written by vpcwhy export-script " VW_VERSION ".\n"
    "set -u\n"
    "umask 077\n"
    "out=${1:-exports}\n"
    "part=''\n"
    "failed=''\n"
    "export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off AWS_DEFAULT_OUTPUT=json\n"
    "export AWS_MAX_ATTEMPTS=\"${AWS_MAX_ATTEMPTS:-10}\"\n"
    "trap '[ -z \"$part\" ] || rm -f \"$part\"' EXIT\n"
    "trap 'exit 129' HUP\n"
    "trap 'exit 130' INT\n"
    "trap 'exit 143' TERM\n"
    "\n"
    "say() {\n"
    "    printf '%s\\n' \"$*\" >&2\n"
    "}\n"
    "\n"
    "command -v aws >/dev/null || {\n"
    "    say 'The AWS CLI (aws) is not installed.'\n"
    "    exit 1\n"
    "}\n"
    "\n"
    "fail() {\n"
    "    failed=\"$failed  ${profile:+profile $profile, }${region:-no Region}: $*\n"
    "\"\n"
    "}\n"
    "\n"
    "aws() {\n"
    "    command aws ${profile:+\"--profile=$profile\"} "
    "${region:+\"--region=$region\"} \"$@\"\n"
    "}\n"
    "\n"
    "# FILE aws ...: what a call prints, in FILE.json, whole or not at all.\n"
    "save() {\n"
    "    file=$folder/$1.json\n"
    "    shift\n"
    "    say \"$folder: $*\"\n"
    "    part=$folder/.part\n"
    "    if \"$@\" >\"$part\" && [ -s \"$part\" ] && mv -f \"$part\" \"$file\"; then\n"
    "        part=''\n"
    "    else\n"
    "        rm -f \"$part\"\n"
    "        fail \"$*\"\n"
    "    fi\n"
    "}\n"
    "\n"
    "# aws ...: the ids that a call prints, in $ids.\n"
    "list() {\n"
    "    ids=$(\"$@\" --output text) || fail \"$*\"\n"
    "}\n"
    "\n"
    "# aws ... OPTION: the ids that a call prints of each of $ids, in $ids.\n"
    "follow() {\n"
    "    found=''\n"
    "    for id in $ids; do\n"
    "        found=\"$found $(\"$@\" \"$id\" --output text)\" || fail \"$* $id\"\n"
    "    done\n"
    "    ids=$(for id in $found; do printf '%s\\n' \"$id\"; done | sort -u)\n"
    "}\n"
    "\n"
    "# FILE aws ... OPTION: a call for each of $ids, in FILE.ID.json; of an ARN the "
    "end.\n"
    "each() {\n"
    "    what=$1\n"
    "    shift\n"
    "    for id in $ids; do\n"
    "        name=${id##*:}\n"
    "        case $name in\n"
    "        None) continue ;; # a list that is not there\n"
    "        *-rulegroup/*) ;; # two kinds share their names\n"
    "        *) name=${name#*/} ;;\n"
    "        esac\n"
    "        save \"$what.$(printf '%s' \"$name\" | tr / .)\" \"$@\" \"$id\"\n"
    "    done\n"
    "}\n"
    "\n";

/* What asks IAM and S3, and the collection of one account and Region. */
static const char second_head[] =
    "# role|bucket: the names of what the ARNs in $ids are of, in $ids.\n"
    "names() {\n"
    "    ids=$(for id in $ids; do\n"
    "        case $1,$id in\n"
    "        *,None) continue ;;\n"
    "        role,*) id=${id##*/} ;;\n"
    "        bucket,*)\n"
    "            id=${id##*:::}\n"
    "            id=${id%%/*}\n"
    "            ;;\n"
    "        esac\n"
    "        printf '%s\\n' \"$id\"\n"
    "    done | sort -u)\n"
    "}\n"
    "\n"
    "# The policies inside each of $ids, roles, in role-policy.ROLE.POLICY.json.\n"
    "inline() {\n"
    "    for role in $ids; do\n"
    "        for policy in $(aws iam list-role-policies --query 'PolicyNames[]' \\\n"
    "            --role-name \"$role\" --output text); do\n"
    "            [ \"$policy\" = None ] || save \"role-policy.$role.$policy\" \\\n"
    "                aws iam get-role-policy --role-name \"$role\" \\\n"
    "                --policy-name \"$policy\"\n"
    "        done\n"
    "    done\n"
    "}\n"
    "\n"
    "# The version that counts of each of $ids, policies, in policy-version.NAME.json.\n"
    "version() {\n"
    "    for id in $ids; do\n"
    "        [ \"$id\" != None ] || continue\n"
    "        version=$(aws iam get-policy --query Policy.DefaultVersionId \\\n"
    "            --policy-arn \"$id\" --output text) || {\n"
    "            fail \"aws iam get-policy $id\"\n"
    "            continue\n"
    "        }\n"
    "        name=$(printf '%s' \"${id##*:policy/}\" | tr / .)\n"
    "        save \"policy-version.$name\" aws iam get-policy-version \\\n"
    "            --policy-arn \"$id\" --version-id \"$version\"\n"
    "    done\n"
    "}\n"
    "\n"
    "# PROFILE REGION: '' stands for what the AWS CLI is configured for.\n"
    "collect() {\n"
    "    profile=$1\n"
    "    region=${2:-${AWS_REGION:-${AWS_DEFAULT_REGION:-}}}\n"
    "    [ -n \"$region\" ] || region=$(aws ec2 describe-availability-zones \\\n"
    "        --query 'AvailabilityZones[0].RegionName' --output text)\n"
    "    if ! account=$(aws sts get-caller-identity --query Account --output text); "
    "then\n"
    "        fail 'everything: there are no credentials'\n"
    "        return\n"
    "    fi\n"
    "    folder=$out/$account/${region:-unknown}\n"
    "    if [ -z \"$region\" ]; then\n"
    "        fail 'none is configured'\n"
    "    elif [ -e \"$folder\" ]; then\n"
    "        fail \"everything: $folder is there already\"\n"
    "    elif mkdir -p \"$folder\"; then\n"
    "        calls\n"
    "    else\n"
    "        fail \"everything: $folder cannot be made\"\n"
    "    fi\n"
    "}\n"
    "\n"
    "calls() {\n";

static const char tail[] = "\n"
                           "if [ -n \"$failed\" ]; then\n"
                           "    say 'Not collected:'\n"
                           "    printf '%s' \"$failed\" | sort -u >&2\n"
                           "    exit 1\n"
                           "fi\n"
                           "say \"All is in $out.\"\n";

/* ---- what the user gives ---- */

bool cli_export_region(const char *text)
{
    size_t words = 0, size;

    for (; (size = strspn(text, "abcdefghijklmnopqrstuvwxyz")) > 0; words++) {
        if (text[size] != '-')
            return false;
        text += size + 1;
    }
    size = strspn(text, "0123456789");
    return words >= 2 && size >= 1 && size <= 2 && !text[size];
}

/* The AWS CLI reads profiles line by line from a file: there is none with a line's end. */
static bool is_profile(const char *text)
{
    const char *at;

    for (at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == '\x7f')
            return false;
    return at > text;
}

/* Between single quotes all is as it stands but a single quote. */
static void write_quoted(const char *text, FILE *out)
{
    putc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else
            putc(*text, out);
    }
    putc('\'', out);
}

/* ---- the script ---- */

/* "route-tables" of "describe-route-tables". */
static const char *file_of(const struct cli_export_call *call)
{
    return call->file ? call->file : strchr(call->operation, '-') + 1;
}

static void write_call(const struct cli_export_call *call, FILE *out)
{
    fputs("    ", out);
    switch (call->verb) {
    case CLI_EXPORT_SAVE:
        fprintf(out, "save %s", file_of(call));
        break;
    case CLI_EXPORT_LIST:
        fputs("list", out);
        break;
    case CLI_EXPORT_FOLLOW:
        fputs("follow", out);
        break;
    case CLI_EXPORT_EACH:
        fprintf(out, "each %s", file_of(call));
        break;
    case CLI_EXPORT_NAMES:
        fprintf(out, "names %s\n", call->arguments);
        return;
    case CLI_EXPORT_INLINE:
        fputs("inline\n", out);
        return;
    case CLI_EXPORT_VERSION:
        fputs("version\n", out);
        return;
    }
    fprintf(out, " aws %s %s%s%s\n", call->service, call->operation,
            call->arguments ? " " : "", call->arguments ? call->arguments : "");
}

void cli_export_write(const struct cli_list *regions, const struct cli_list *profiles,
                      FILE *out)
{
    size_t i, j;

    fputs(head, out);
    fputs(second_head, out);
    for (i = 0; i < cli_export_call_count; i++)
        write_call(&cli_export_calls[i], out);
    fputs("}\n\n", out);
    for (i = 0; i < profiles->count || i == 0; i++) {
        for (j = 0; j < regions->count || j == 0; j++) {
            fputs("collect ", out);
            write_quoted(profiles->count ? profiles->items[i] : "", out);
            fprintf(out, " '%s'\n", regions->count ? regions->items[j] : "");
        }
    }
    fputs(tail, out);
}

/* ---- the command ---- */

static int export_run(const struct export_options *options)
{
    size_t i;

    for (i = 0; i < options->regions.count; i++)
        if (!cli_export_region(options->regions.items[i]))
            return cli_usage_error("export-script",
                                   "--region \"%s\" is no Region; us-east-1 is one",
                                   options->regions.items[i]);
    for (i = 0; i < options->profiles.count; i++)
        if (!is_profile(options->profiles.items[i]))
            return cli_usage_error("export-script",
                                   "--profile is empty or has control characters");
    cli_export_write(&options->regions, &options->profiles, stdout);
    return cli_finish(0, CLI_GOOD);
}

int cli_export_script(int count, char **arguments)
{
    struct export_options options = {0};
    const struct cli_table table = {
        export_options, sizeof export_options / sizeof *export_options, &options};
    const struct cli_grammar grammar = {
        "export-script",
        "Prints a shell script that collects an export with the AWS CLI.",
        "[OPTION...] >SCRIPT",
        "0 printed",
        &table,
        1};
    struct cli_list operands;
    int status;

    if (!cli_begin(&grammar, count, arguments, &operands, &status))
        return status;
    status = operands.count
                 ? cli_usage_error(grammar.command, "takes options only, not \"%s\"",
                                   operands.items[0])
                 : export_run(&options);
    cli_options_free(&operands);
    return status;
}
