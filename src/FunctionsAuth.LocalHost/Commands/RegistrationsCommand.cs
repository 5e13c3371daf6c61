using System.CommandLine;
using System.Globalization;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Creates, lists and revokes initial access tokens (RFC 7591 §3), which allow the registration of clients.</summary>
internal static class RegistrationsCommand
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    private static readonly Option<string> Label = new("--label") { Description = "A note about the purpose of the token", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Uses = new("--uses") { Description = "The number of clients that can be registered with it", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> ExpiresIn = new("--expires-in") { Description = "How long it is valid, as d.hh:mm:ss", DefaultValueFactory = _ => "1.00:00:00" };
    private static readonly Argument<string> Id = new("id") { Description = "The id of the token, from registrations list" };

    public static Command Create()
    {
        var create = new Command("create", "Create a token and print it once") { Label, Uses, ExpiresIn };
        create.SetAction((arguments, cancellation) => TellAsync(arguments, (store, clock) => CreateAsync(arguments, store, clock, cancellation)));
        var list = new Command("list", "List the tokens");
        list.SetAction((arguments, cancellation) => TellAsync(arguments, (store, clock) => ListAsync(store, clock, cancellation)));
        var revoke = new Command("revoke", "Revoke a token now") { Id };
        revoke.SetAction((arguments, cancellation) => TellAsync(arguments, (store, _) => RevokeAsync(arguments.GetRequiredValue(Id), store, cancellation)));
        return new Command("registrations", "Initial access tokens, which allow the registration of clients") { DeployedServer.Storage, DeployedServer.TablePrefix, create, list, revoke };
    }

    private static Task<int> TellAsync(ParseResult arguments, Func<IInitialAccessStore, TimeProvider, Task> action) => Failures.TellAsync(async () =>
    {
        await using var app = DeployedServer.Open(arguments);
        await action(app.Services.GetRequiredService<IInitialAccessStore>(), app.Services.GetRequiredService<TimeProvider>());
    });

    private static async Task CreateAsync(ParseResult arguments, IInitialAccessStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var uses = arguments.GetValue(Uses);
        if (uses < 1)
            throw new UsageException("--uses must be at least 1.");
        if (!TimeSpan.TryParse(arguments.GetRequiredValue(ExpiresIn), CultureInfo.InvariantCulture, out var life) || life <= TimeSpan.Zero || life > LongestLife)
            throw new UsageException("--expires-in must be a time such as 12:00:00 or 30.00:00:00, at most 3650 days.");
        var expiresAt = clock.GetUtcNow() + life;
        var token = InitialAccessToken.New(expiresAt);
        var access = new InitialAccess
        {
            Address = token.Address,
            SecretHash = SecretHash.Of(token.Secret),
            Label = arguments.GetRequiredValue(Label),
            Limit = uses,
            ExpiresAt = expiresAt,
        };
        if (!(await store.TrySaveAsync(access, cancellation)).Won)
            throw new UsageException("The token could not be stored. Try again.");
        // Only the token is written to standard output, for scripts.
        await Console.Error.WriteLineAsync($"{token.Address}: valid for {uses} {(uses == 1 ? "registration" : "registrations")} until {KeyText.Moment(expiresAt)}. The token is shown only once:");
        Console.WriteLine(token.Encode());
    }

    private static async Task ListAsync(IInitialAccessStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        List<InitialAccess> tokens = [];
        await foreach (var token in store.ListTokensAsync(cancellation))
            tokens.Add(token);
        Console.WriteLine($"{"id",-27} {"used",-12} {"until",-20}  label");
        foreach (var token in tokens.OrderBy(token => token.ExpiresAt))
        {
            var state = token.IsUsedUp ? " (used up)" : now >= token.ExpiresAt ? " (expired)" : "";
            Console.WriteLine($"{token.Address,-27} {$"{token.Used} of {token.Limit}",-12} {KeyText.Moment(token.ExpiresAt)}  {token.Label}{state}");
        }
    }

    private static async Task RevokeAsync(string id, IInitialAccessStore store, CancellationToken cancellation)
    {
        if (!RecordAddress.TryParse(id, out var address) || await store.FindAsync(address, cancellation) is not { IsToken: true })
            throw new UsageException("There is no token with this id. List the tokens with registrations list.");
        await store.DeleteAsync(address, cancellation);
        Console.WriteLine("The token is revoked. Clients that were registered with it are kept.");
    }
}
