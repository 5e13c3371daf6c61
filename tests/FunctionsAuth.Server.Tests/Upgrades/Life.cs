using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>
/// What happens on a server until every kind of row stands in its tables, in every state that matters. It only speaks HTTP and does
/// what an operator does, so that the code of another release can run it, too.
/// </summary>
internal sealed class Life(RunningServer server)
{
    public static Dictionary<string, string?> Settings => new()
    {
        // So that the signing keys are rows, too.
        ["Keys:Mode"] = "wrapped",
        ["Keys:RotateEvery"] = "30.00:00:00",
        ["Registration:Mode"] = "open",
        ["SelfRegistration"] = "true",
        ["Legacy:PasswordGrant"] = "true",
        ["Lockout:MaxFailures"] = "3",
    };

    public Kept Kept { get; private set; } = new();

    public async Task LiveAsync()
    {
        // One key signs, and the next one is announced.
        await PublishedKeys.ReadAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(31));
        await new KeyRolloverFunction(server.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);

        var people = new LifeOfPeople(server, Kept);
        var grants = new LifeOfGrants(server, Kept, people);
        var clients = new LifeOfClients(server, Kept);
        await people.BeginAsync();
        await grants.BeginAsync();
        await clients.BeginAsync();
        // Longer than codes live and than a refresh token may come back.
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await people.EndAsync();
        await grants.EndAsync();
        await clients.EndAsync();
        Kept = Kept with { Now = server.Clock.GetUtcNow() };
    }
}
