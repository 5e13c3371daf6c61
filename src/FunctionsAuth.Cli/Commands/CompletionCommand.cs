using System.CommandLine;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>completion</c>: prints a script for command line completion in a shell.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = ShellArgument();

    private const string Bash = """
        _functionsauth() {
            local IFS=$'\n'
            COMPREPLY=($(functionsauth "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _functionsauth functionsauth
        """;

    private const string Zsh = """
        #compdef functionsauth
        _functionsauth() {
            local -a found
            found=("${(@f)$(functionsauth "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            [[ -n "${found[1]}" ]] && compadd -- "${found[@]}" || _files
        }
        compdef _functionsauth functionsauth
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName functionsauth -ScriptBlock {
            param($word, $line, $position)
            functionsauth "[suggest:$position]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static Argument<string> ShellArgument()
    {
        var argument = new Argument<string>("shell") { Description = "bash, zsh or pwsh" };
        argument.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        return argument;
    }

    public static Command Create(CliHost host) => CommandRun.Command(
        host,
        "completion",
        "Print a script for command line completion in a shell: eval \"$(functionsauth completion bash)\"",
        run =>
        {
            run.Host.Output.WriteLine(run.Get(Shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell });
            return Task.CompletedTask;
        },
        Shell);
}
