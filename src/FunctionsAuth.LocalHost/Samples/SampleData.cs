using System.Reflection;
using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.LocalHost.Samples;

/// <summary>What a LocalHost has when nothing is imported: an import file like any other, with the issuer filled in.</summary>
internal static class SampleData
{
    public const string DemoClientId = "demo-spa";

    public static IReadOnlyList<SiteAccount> Accounts { get; } =
    [
        new("User", "alice", "Correct-Horse-7-Battery", "signs in to the demo"),
        new("Administrator", "admin", "Admin-Horse-9-Battery", "manages the server at /manage"),
        new("Public client", DemoClientId, "", "the demo page: code with PKCE, refresh, logout"),
        new("Confidential client", "sample-web", "sample-web-secret-0123456789-abcdefghij", "samples/node-web, or any app at http://localhost:3000/callback"),
        new("Confidential client", "sample-aspnetcore", "sample-aspnetcore-secret-0123456789-abc", "samples/aspnetcore-web"),
        new("Public client", "sample-spa", "", "samples/spa"),
        new("Public client", "sample-native", "", "samples/console"),
        new("Client with a key", "sample-job", "", "samples/service: signs with samples/service/sample-key.json"),
        new("Confidential client", "sample-service", "sample-service-secret-0123456789-abcdef", "client_credentials, scopes api.read, api.write and orders.read"),
        new("Confidential client", "sample-api", "sample-api-secret-0123456789-abcdefghij", "introspects tokens for https://api.example.com"),
    ];

    /// <summary>The passwords and secrets are public, so the samples are only for this machine.</summary>
    /// <param name="storage">The value of <c>--storage</c>; null for tables in memory.</param>
    public static bool IsFor(string issuer, string? storage) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.IsLoopback && (storage is null || StorageOption.IsEmulator(storage));

    /// <summary>Settings that make the first steps easier: clients can register themselves. Settings that are given already are kept.</summary>
    public static IReadOnlyDictionary<string, string?> AddSettings(IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);
        all.TryAdd($"{nameof(ServerOptions.Registration)}:{nameof(RegistrationOptions.Mode)}", RegistrationOptions.Open);
        all.TryAdd($"{nameof(ServerOptions.Registration)}:{nameof(RegistrationOptions.Scopes)}", "openid profile email offline_access mcp.tools");
        all.TryAdd(nameof(ServerOptions.ClientIdMetadataDocuments), bool.TrueString);
        return all;
    }

    /// <summary>Whom one can be, a line each.</summary>
    public static IEnumerable<string> Lines => Accounts.Select(account => $"  {account.Kind,-20} {account.Id,-18} {account.Secret}");

    /// <summary>An import file that has the client of the demo page and nothing else.</summary>
    public static string DemoJson(string issuer)
    {
        var demo = JsonNode.Parse(Json(issuer))!["clients"]!.AsArray().Single(client => (string?)client!["client_id"] == DemoClientId)!;
        return new JsonObject { ["clients"] = new JsonArray(demo.DeepClone()) }.ToJsonString();
    }

    /// <summary>An import file that has all samples.</summary>
    public static string Json(string issuer)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("samples.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{issuer}", issuer, StringComparison.Ordinal);
    }
}
