using System.Globalization;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Statistics;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Server;

/// <summary>The counts of an hour.</summary>
/// <param name="Counts">
/// The counts by name, such as <c>sign_ins</c>, <c>failed_sign_ins</c> and <c>tokens:refresh_token</c>. Names with a count of zero are left out.
/// </param>
public sealed record HourView(DateTimeOffset Hour, IReadOnlyDictionary<string, long> Counts);

/// <summary>The number of sign-ins, failures and tokens per hour.</summary>
public sealed class StatisticsResource(StatisticsReader statistics, TimeProvider clock) : ManageResource
{
    private const int MostHours = 31 * 24;
    private const int Usual = 24;

    public override string Tag => "server";

    public override IReadOnlyList<Operation> Operations =>
    [
        new("list_statistics", HttpMethods.Get, "statistics", ManageScopes.SettingsRead, "Counts sign-ins, failures, new accounts and tokens by the hour. What was counted in the last minute may be missing.", ListAsync)
        {
            Result = typeof(ApiList<HourView>), Query = [new("hours", $"How many hours, the current one included: 1 to {MostHours}; {Usual} without this parameter.")], Cost = 2,
        },
    ];

    private async Task<ApiAnswer> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var hours = Usual;
        if (call.Query.TryGetValue("hours", out var text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out hours) && hours is >= 1 and <= MostHours))
            throw ApiProblem.Invalid("The query is not valid", new ApiFault("hours", $"must be 1 to {MostHours}"));
        var now = clock.GetUtcNow().UtcDateTime;
        var end = new DateTimeOffset(now.Date.AddHours(now.Hour + 1), TimeSpan.Zero);
        var found = await statistics.ReadAsync(end.AddHours(-hours), end, cancellation);
        return ApiAnswer.Of(new ApiList<HourView>([.. found.Select(hour => new HourView(hour.Hour, hour.Counts))], null));
    }
}
