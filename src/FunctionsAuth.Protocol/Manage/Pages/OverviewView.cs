using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.Server;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Statistics;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The first page: the counts of the last 24 hours, and the next changes of the signing keys.</summary>
public sealed class OverviewView(TimeProvider clock) : ManageView
{
    private const int Hours = 24;

    public override string Route => "";

    /// <summary>No scope: every user who can see any of these pages can see this one.</summary>
    public override string Scope => "";

    public override async Task<ManageContent> ShowAsync(ManageVisit visit, CancellationToken cancellation) => ManageContent.Of(
        Phrase.Of($"Overview"),
        [
            visit.May(ManageScopes.UsersRead) ? visit.Search(PeopleView.Name, new ManageField("prefix", Phrase.Of($"Find a person"))) : null,
            visit.May(ManageScopes.SettingsRead) ? await ChartsAsync(visit, cancellation) : null,
            visit.May(ManageScopes.KeysRead) ? await KeysAsync(visit, cancellation) : null,
            // The health check that a load balancer calls. It reads storage and signs with the keys.
            new ManageLink("health/ready", Phrase.Of($"Answer for load balancers"), Phrase.Of($"Health")),
        ]);

    private async Task<ManageCharts> ChartsAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var counted = (await visit.GetAsync<ApiList<HourView>>("list_statistics", cancellation)).Items.ToDictionary(hour => hour.Hour, hour => hour.Counts);
        var now = clock.GetUtcNow();
        var first = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerHour)).AddHours(1 - Hours);
        return new ManageCharts(
        [
            Chart(Phrase.Of($"Sign-ins"), name => name == CounterNames.SignIns),
            Chart(Phrase.Of($"Failed sign-ins"), name => name == CounterNames.FailedSignIns) with { IsWarning = true },
            Chart(Phrase.Of($"Tokens"), name => name.StartsWith(CounterNames.TokensPrefix, StringComparison.Ordinal)),
        ], Phrase.Of($"The last 24 hours"));

        ManageChart Chart(Phrase name, Func<string, bool> isOf) => new(
            name,
            [.. Enumerable.Range(0, Hours).Select(hour => counted.TryGetValue(first.AddHours(hour), out var counts) ? counts.Where(count => isOf(count.Key)).Sum(count => count.Value) : 0)],
            first);
    }

    private static async Task<ManageRows> KeysAsync(ManageVisit visit, CancellationToken cancellation)
    {
        var keys = (await visit.GetAsync<ApiList<KeyView>>("list_keys", cancellation)).Items;
        var next = keys.Where(key => key.NextAt is not null).OrderBy(key => key.NextAt).Take(3);
        return new ManageRows([.. next.Select(key => new ManageRow(ManageValue.Code(key.Kid))
        {
            Tags = [KeysView.NameOf(key.State)],
            Facts = [new ManageFact(ManageValue.Of(KeysView.NameOf(key.NextState!.Value)), ManageValue.Of(key.NextAt!.Value))],
        })], Phrase.Of($"Next change of the keys"))
        { Empty = Phrase.Of($"Nothing changes by itself."), IsTimeline = true };
    }
}
