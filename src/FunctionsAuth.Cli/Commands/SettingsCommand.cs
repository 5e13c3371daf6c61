using System.CommandLine;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>settings</c>: the settings in force.</summary>
internal static class SettingsCommand
{
    public static Command Create(CliHost host) => CommandRun.Command(host, "settings", "List the settings in force, without secrets", async run => run.Print(
        await (await run.ConnectAsync()).GetAsync("settings"),
        ("Setting", setting => setting.Text("name")),
        ("Value", setting => setting.Is("is_secret") ? "(secret)" : setting.Text("value"))));
}
