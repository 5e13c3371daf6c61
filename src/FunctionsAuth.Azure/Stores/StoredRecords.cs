using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Azure.Stores;

/// <summary>The records that stand in their rows as JSON.</summary>
public static class StoredRecords
{
    private static readonly Lazy<Task> Warming = new(() => Task.Run(Warm));

    /// <summary>
    /// Prepares the JSON contracts on another thread. This reflection takes a large part of a cold start, and can run while the host is built. It
    /// runs once per process, and nobody waits for it.
    /// </summary>
    public static void BeginToWarm() => _ = Warming.Value;

    private static void Warm()
    {
        Warm(new Client { ClientId = "" });
        Warm(new Scope { Name = "" });
        Warm(new Resource { Identifier = "" });
        Warm(new AuthorizationDetailsType { Type = "", Title = "" });
    }

    private static void Warm<T>(T value) => StoreJson.FromRow<T>(StoreJson.ToRow("", "", value));
}
