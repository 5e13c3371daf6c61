using System.CommandLine;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Profiles;
using FunctionsAuth.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Checks a registered client against each clause of a profile of FAPI 2.0.</summary>
internal static class ClientsCommand
{
    private static readonly Argument<string> ClientId = new("client_id") { Description = "The client" };

    private static readonly Option<string?> Profile = new("--profile") { Description = $"The profile to check: {string.Join(" or ", ProfileNames.All)}. The default is the profile of the client" };

    public static Command Create()
    {
        Profile.AcceptOnlyFromAmong([.. ProfileNames.All]);
        var check = new Command("check", "Check a client against each clause of FAPI 2.0") { ClientId, Profile };
        check.SetAction((arguments, cancellation) => Failures.TellAsync(() => CheckAsync(arguments, cancellation)));
        return new Command("clients", "Registered clients") { DeployedServer.Storage, DeployedServer.TablePrefix, check };
    }

    private static async Task<int> CheckAsync(ParseResult arguments, CancellationToken cancellation)
    {
        await using var app = DeployedServer.Open(arguments);
        var clientId = arguments.GetRequiredValue(ClientId);
        var client = await app.Services.GetRequiredService<IClientStore>().FindAsync(clientId, cancellation) ?? throw new UsageException($"There is no client {clientId}.");
        var profile = arguments.GetValue(Profile) ?? client.Profile ?? throw new UsageException($"The client {clientId} has no profile. Name the profile to check with --profile.");
        var failed = 0;
        foreach (var clauses in FapiClauses.Of(profile).GroupBy(clause => clause.Document))
        {
            Console.WriteLine(FapiClauses.NameOf(clauses.Key));
            foreach (var clause in clauses)
                failed += Write(clause, [.. clause.ProblemsOf(client)]) ? 0 : 1;
        }
        if (failed > 0)
            Console.WriteLine($"{clientId} does not meet {profile}: it fails {failed} clauses.");
        else if (client.Profile is null)
            Console.WriteLine($"{clientId} can meet {profile}: import it with \"profile\": \"{profile}\".");
        else
            Console.WriteLine($"{clientId} meets {profile}.");
        return failed > 0 ? 1 : 0;
    }

    /// <returns>Whether it holds.</returns>
    private static bool Write(FapiClause clause, IReadOnlyList<ClientProblem> problems)
    {
        var keeper = clause.Keeper switch
        {
            FapiKeeper.Server => "every client",
            FapiKeeper.Profile => "by the profile",
            _ => "by its registration",
        };
        Console.WriteLine($"  {(problems.Count == 0 ? "yes" : "NO ")}  {clause.Number,-11} {clause.Demand}{(problems.Count == 0 ? $" ({keeper})" : "")}");
        foreach (var (member, problem) in problems)
            Console.WriteLine($"                   {member} {problem}");
        return problems.Count == 0;
    }
}
