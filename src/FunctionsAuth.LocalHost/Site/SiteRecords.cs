using FunctionsAuth.LocalHost.Samples;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost;

/// <summary>Who can sign in at this server, which clients it knows, and what happened last.</summary>
/// <param name="Clients">In the order of their ids, at most <see cref="Most"/>.</param>
/// <param name="Users">In the order of their usernames, at most <see cref="Most"/>.</param>
/// <param name="Events">Of the last hour, the newest first.</param>
/// <param name="HasDemo">Whether the client of <c>/demo</c> is there.</param>
internal sealed record SiteRecords(IReadOnlyList<Client> Clients, bool HasMoreClients, IReadOnlyList<User> Users, bool HasMoreUsers, IReadOnlyList<AuditEvent> Events, bool HasDemo)
{
    public const int Most = 30;

    private const int MostEvents = 10;

    public static async Task<SiteRecords> LoadAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var clients = services.GetRequiredService<IClientStore>();
        var users = services.GetRequiredService<IUserStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();

        var listed = await clients.ListAsync("", new ListRequest(Most, null), cancellation);
        var subjects = await services.GetRequiredService<IUserDirectory>().FindAsync("", new ListRequest(Most, null), cancellation);
        var found = await Task.WhenAll(subjects.Items.Select(subject => users.FindAsync(subject, cancellation)));
        var events = await services.GetRequiredService<IAuditStore>().FindAsync(new AuditQuery(now - TimeSpan.FromHours(1), now, MostEvents), cancellation);
        var demo = await clients.FindAsync(SampleData.DemoClientId, cancellation);
        return new SiteRecords(listed.Items, listed.Next is not null, [.. found.OfType<User>()], subjects.Next is not null, events, demo is not null);
    }

    /// <summary>Adds the client of <c>/demo</c>, and nothing else of the samples.</summary>
    public static Task AddDemoAsync(IServiceProvider services, CancellationToken cancellation) =>
        Hosting.LocalServer.ImportAsync(services, SampleData.DemoJson(services.GetRequiredService<ServerUrls>().Issuer), cancellation);
}
