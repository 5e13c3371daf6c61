using System.Collections.Concurrent;
using FunctionsAuth.Conformance.Running;
using Microsoft.AspNetCore.WebUtilities;

namespace FunctionsAuth.Conformance.Client;

/// <summary>A request that reached the client's side.</summary>
/// <param name="Path">Below the alias of the plan.</param>
/// <param name="Query">As it came, with its question mark.</param>
public sealed record Received(string Method, string Path, string Query, string? ContentType, string Body)
{
    public IReadOnlyList<KeyValuePair<string, string>> QueryParameters => Parse(Query);

    public IReadOnlyList<KeyValuePair<string, string>> FormParameters => Method == "POST" ? Parse(Body) : [];

    /// <summary>In their order, the repeated ones, too.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string encoded)
    {
        List<KeyValuePair<string, string>> parameters = [];
        foreach (var pair in new QueryStringEnumerable(encoded))
            parameters.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        return parameters;
    }
}

/// <summary>The addresses of one module's client: what it serves there, and what came in.</summary>
public sealed class Inbox(string alias, Uri fetchFrom)
{
    /// <summary>Where the browser finds the client. No such host exists: the browser knows where to go instead.</summary>
    public const string Origin = "https://suite.example";

    private readonly ConcurrentDictionary<string, (string Content, string MediaType)> served = new();
    private readonly List<Received> received = [];

    public string CallbackUri => CallbackOf(alias);

    public string PostLogoutRedirectUri => AddressOf("post_logout_redirect");

    /// <summary>An address for the browser.</summary>
    public string AddressOf(string path) => $"{Origin}/{alias}/{path}";

    /// <summary>An address that the server itself can reach.</summary>
    public string FetchAddressOf(string path) => $"{new Uri(fetchFrom, $"{alias}/{path}")}";

    /// <summary>Puts a document where the server can fetch it.</summary>
    /// <returns>Its address.</returns>
    public string Serve(string path, string content, string mediaType = "application/json")
    {
        served[path] = (content, mediaType);
        return FetchAddressOf(path);
    }

    public (string Content, string MediaType)? Find(string path) => served.TryGetValue(path, out var document) ? document : null;

    public void Add(Received request)
    {
        lock (received)
            received.Add(request);
    }

    /// <summary>The oldest request for that path, which is expected with this.</summary>
    public Received Take(string path)
    {
        lock (received)
        {
            var first = received.Find(request => request.Path == path);
            Assert.True(first is not null, $"Nothing came to {path}");
            received.Remove(first);
            return first;
        }
    }

    /// <summary>The same for one that the server sends at its own time.</summary>
    public async Task<Received> WaitForAsync(string path)
    {
        await Patience.UntilAsync(() => Task.FromResult(Has(path)));
        return Take(path);
    }

    private bool Has(string path)
    {
        lock (received)
            return received.Exists(request => request.Path == path);
    }

    /// <summary>The suite fails a module when anything comes to it that the module does not expect.</summary>
    public void ShouldHaveNothingElse()
    {
        lock (received)
            Assert.Empty(received.Where(request => !served.ContainsKey(request.Path)).Select(request => $"{request.Method} {request.Path}{request.Query}"));
    }

    public static string AliasOf(Type plan)
    {
        _ = PlanAttribute.Of(plan);
        return plan.Name.ToLowerInvariant();
    }

    public static string CallbackOf(string alias) => $"{Origin}/{alias}/callback";

    public static string PostLogoutRedirectUriOf(SuiteClient client) =>
        client.RedirectUri.Replace("/callback", "/post_logout_redirect", StringComparison.Ordinal);
}
