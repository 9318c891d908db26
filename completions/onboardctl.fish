# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_onboardctl_global_optspecs
    string join \n e/env= o/output= dry-run y/yes confirm= no-input timeout= lock-timeout= q/quiet v/verbose color= region= profile= endpoint-url= config= read-only explain-aws state-dir= cache-dir= h/help V/version
end

function __fish_onboardctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_onboardctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_onboardctl_using_subcommand
    set -l cmd (__fish_onboardctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c onboardctl -n "__fish_onboardctl_needs_command" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -s V -l version -d 'Print version'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "up" -d 'Brings the whole platform up and proves it'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "down" -d 'Takes the platform down and keeps its data'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "status" -d 'The whole environment on one screen'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "local" -d 'The platform on this computer'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "stack" -d 'The CloudFormation stacks: plan, up, status, outputs, events'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "topics" -d 'The topics: plan, create, list'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "lambdas" -d 'The functions: build, plan, deploy, list'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "env" -d 'The functions\' variables: plan, sync, diff, status'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "verify" -d 'Proves the platform end to end: a synthetic customer, every station, with its time'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "history" -d 'What was released: when, by whom, from which commit, with which result'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "unlock" -d 'Takes the environment\'s lock away from a run that is known to be dead'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "config" -d 'The catalogue and the settings: what holds, where it comes from, whether it is right'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "explain" -d 'What an error code means, what causes it and what to do; works offline'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "schema" -d 'The JSON Schema of a report'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "completions" -d 'Shell completions'
complete -c onboardctl -n "__fish_onboardctl_needs_command" -f -a "man" -d 'The manual page'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l allow-replace -d 'Lets a resource that holds data be replaced or removed; once for each' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l verify -d 'Runs verify also when nothing changed'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l delete-data -d 'Deletes the stacks and the data that they hold too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "start" -d 'Fetches the parts once and starts Kafka, the AWS APIs and the gateway'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "stop" -d 'Ends all of it; its state stays'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "status" -d 'What runs, where it listens, what happened to it'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "reset" -d 'Stops it and forgets its state'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "logs" -d 'What the parts wrote'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "fault" -d 'Faults that are asked for: add, list, clear'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and not __fish_seen_subcommand_from start stop status reset logs fault supervise" -f -a "supervise" -d 'Keeps a platform running; started by `start`'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l choose-ports -d 'Chooses the ports anew; run `onboardctl up` afterwards'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l until-stdin-closes -d 'Ends the platform when standard input closes'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s n -l lines -d 'How many lines of each log' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Goes on until it is interrupted'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -f -a "add" -d 'Adds a fault'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -f -a "list" -d 'The faults there are, how often each struck and what is left of it'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from fault" -f -a "clear" -d 'Removes one fault, or all'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l until-stdin-closes -d 'Ends when standard input closes'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand local; and __fish_seen_subcommand_from supervise" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "plan" -d 'What would change, resource by resource'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "up" -d 'Brings the stacks to what the templates and the catalogue say'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "status" -d 'The state of every stack'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "outputs" -d 'The outputs of every stack'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "output" -d 'The bare value of one output'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and not __fish_seen_subcommand_from plan up status outputs output events" -f -a "events" -d 'What happened last, oldest first'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l exit-code -d 'Ends with 5 when there are differences'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l allow-replace -d 'Lets a resource that holds data be replaced or removed; once for each' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from outputs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from output" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l last -d 'How many events' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand stack; and __fish_seen_subcommand_from events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -f -a "plan" -d 'What would change, topic by topic and value by value'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -f -a "create" -d 'Makes the topics what the catalogue says'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and not __fish_seen_subcommand_from plan create list" -f -a "list" -d 'Shape, retention, and who reads them how far behind'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l allow-repartition -d 'Plans for more partitions too, although keys then map to other ones'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l exit-code -d 'Ends with 5 when there are differences'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l allow-repartition -d 'Lets a topic get more partitions, although keys then map to other ones and order is lost across the change'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand topics; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -f -a "build" -d 'Builds every function in one cargo run and zips them'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -f -a "plan" -d 'What a deployment would do, function by function'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -f -a "deploy" -d 'Releases code and variables: version, alias, permissions, event sources'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and not __fish_seen_subcommand_from build plan deploy list" -f -a "list" -d 'What takes traffic, and what feeds it'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from build" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l artifact -d 'Takes `<function>.zip` from this folder instead of building' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l exit-code -d 'Ends with 5 when there are differences'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l artifact -d 'Takes `<function>.zip` from this folder instead of building' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l fail-fast -d 'Begins no further function after one has failed'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand lambdas; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -f -a "plan" -d 'What a sync would do, function by function'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -f -a "sync" -d 'Sets the variables and releases them, with the code left as it is'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -f -a "diff" -d 'What is wanted against what live traffic sees, key by key'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and not __fish_seen_subcommand_from plan sync diff status" -f -a "status" -d 'Which functions serve variables that are behind their source'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l exit-code -d 'Ends with 5 when there are differences'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l exit-code -d 'Ends with 5 when there are differences'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l only -d 'Only this function; once for each. A catalogue key, a short name or a physical name' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l exit-code -d 'Ends with 5 when a function is behind'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand env; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s n -l limit -d 'How many, newest first' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and not __fish_seen_subcommand_from show" -f -a "show" -d 'One release, with everything that was there before and after it'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -f -a "show" -d 'Shows the values that hold for this environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and not __fish_seen_subcommand_from show validate" -f -a "validate" -d 'Checks the catalogue and the user\'s own file; each mistake with its line, column and the nearest known name'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Names where each value comes from: a flag, a variable, or `file:line`'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand config; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s e -l env -d 'The environment; nothing reaches AWS unless one is named' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s o -l output -d 'The answer\'s format [default: table]' -r -f -a "table\t'For people'
wide\t'For people, with more columns'
json\t'One JSON document, also on failure'
ndjson\t'One event a line as it happens, then one `result` line'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l confirm -d 'Confirms by name what is dangerous' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l timeout -d 'Longest duration of the run: 90s, 10m, 1h' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l lock-timeout -d 'How long to wait for the environment\'s lock' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l color -d 'When to use colour [default: auto]' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`'
always\t'Always'
never\t'Never'"
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l region -d 'Another region than the catalogue\'s; changes are refused there' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l profile -d 'The AWS profile' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l endpoint-url -d 'Another endpoint for every AWS client' -r
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l config -d 'Another catalogue than the built-in one' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l state-dir -d 'Where platforms on this computer keep their state' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l cache-dir -d 'Where fetched parts are kept' -r -F
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l dry-run -d 'Shows the plan and changes nothing'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s y -l yes -d 'Answers the question of an environment that asks; never covers data or a typed environment'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l no-input -d 'Never asks; a question that comes up ends the run'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s q -l quiet -d 'No progress'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s v -l verbose -d 'Notes, and every AWS call'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l read-only -d 'Sends nothing but reads'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -l explain-aws -d 'Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too'
complete -c onboardctl -n "__fish_onboardctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
