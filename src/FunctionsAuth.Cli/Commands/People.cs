using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Finds the user whom a command names.</summary>
internal static class People
{
    public static Argument<string> Person { get; } = new("person") { Description = "The username, the verified email address or the subject" };

    public static Task<JsonNode> FindAsync(CommandRun run, ManageClient api) => FindAsync(api, run.Get(Person));

    /// <returns>The user, with <c>subject</c> and <c>username</c>.</returns>
    /// <exception cref="CliFailure">There is no such user.</exception>
    public static async Task<JsonNode> FindAsync(ManageClient api, string name)
    {
        if ((await api.GetAsync("users", ("login_name", name))).Json.Items() is [{ } found, ..])
            return found;
        return (await api.FindAsync(PathOf(name)))?.Json ?? throw CliFailure.Refused($"There is no user {name}.");
    }

    public static string PathOf(JsonNode person, string rest = "") => PathOf(person.Text("subject")!, rest);

    private static string PathOf(string subject, string rest = "") => $"users/{ResourceKey.Of(subject)}{rest}";
}
