using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Azure.Stores;

/// <summary>The records that are stored in their rows as JSON.</summary>
public static class StoredRecords
{
    private static int begun;

    /// <summary>
    /// Prepares the JSON contracts on another thread. This reflection takes a large part of a cold start, and can run while the host is built. It
    /// runs once per process, and nobody waits for it.
    /// </summary>
    /// <param name="toWrite">Also how they are written: only an app that begins with an import writes them before its first request.</param>
    public static void BeginToWarm(bool toWrite = false)
    {
        if (Interlocked.Exchange(ref begun, 1) == 0)
            _ = Task.Run(() => Warm(toWrite));
    }

    private static void Warm(bool toWrite)
    {
        Warm<Client>("client_id", toWrite);
        Warm<Scope>("name", toWrite);
        Warm<Resource>("identifier", toWrite);
        Warm<AuthorizationDetailsType>("type\":\"\",\"title", toWrite);
    }

    /// <param name="required">The member that each text must have.</param>
    private static void Warm<T>(string required, bool toWrite)
    {
        var record = StoreJson.Read<T>($$"""{"{{required}}":""}""");
        if (toWrite)
            StoreJson.Write(record);
    }
}
