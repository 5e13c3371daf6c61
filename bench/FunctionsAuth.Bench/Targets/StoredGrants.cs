using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Bench.Targets;

/// <summary>Grants of other users, so that a table is as full as after years.</summary>
internal static class StoredGrants
{
    public const string PrunePath = "/bench/prune";
    public const string ClearPath = "/bench/clear";

    /// <param name="ends">How far from now the last one ends; before now they have expired.</param>
    public static async Task AddAsync(IServiceProvider services, int count, TimeSpan ends)
    {
        var store = services.GetRequiredService<IGrantStore>();
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < count; i++)
            await store.InsertAsync(New(now, now + (ends * ((i + 1d) / count))), CancellationToken.None);
    }

    /// <summary>Adds so many expired grants, prunes, and answers with the milliseconds that pruning took.</summary>
    public static void MapPrune(this WebApplication app) => app.MapGet(PrunePath, async context =>
    {
        await AddAsync(app.Services, int.Parse(context.Request.Query["expired"]!, null), TimeSpan.FromHours(-48));
        var watch = Stopwatch.StartNew();
        await app.Services.GetRequiredService<Pruner>().RunAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(watch.Elapsed.TotalMilliseconds);
    });

    /// <summary>Deletes all grants, and nothing else.</summary>
    public static void MapClear(this WebApplication app) => app.MapGet(ClearPath, async context =>
        await context.RequestServices.GetRequiredService<TableServiceClient>().DeleteTableAsync("Grants", context.RequestAborted));

    private static Grant New(DateTimeOffset now, DateTimeOffset end) => new()
    {
        Address = RecordAddress.New(end),
        FamilyHash = RandomNumberGenerator.GetBytes(32),
        ClientId = "web",
        Subject = "somebody",
        SessionId = RecordAddress.New(end),
        CreatedAt = now,
        Scopes = ["openid", "offline_access"],
        Resources = [],
        AuthTime = now,
        Amr = ["pwd"],
        CodeHash = RandomNumberGenerator.GetBytes(32),
        CodeExpiresAt = now,
        CodeRedeemedAt = now,
        RefreshUntil = end,
        RefreshHash = RandomNumberGenerator.GetBytes(32),
        RotatedAt = now,
    };
}
