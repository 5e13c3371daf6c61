using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Composition;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tests.Import;

/// <summary>Import files, as short as a test can say them.</summary>
internal static class Files
{
    public const string Secret = "a-secret-that-has-32-characters-or-more";

    public static SecurityEvents Events { get; } = NoAudit.Events;

    public static ImportFile Parse(string json, Catalog? existing = null) => ImportFile.Parse(json, existing ?? new Catalog([], []), ServerFeatures.All);

    /// <summary>What is wrong with a file; empty when nothing is.</summary>
    public static IReadOnlyList<ImportProblem> ProblemsOf(string json, Catalog? existing = null)
    {
        try
        {
            Parse(json, existing);
            return [];
        }
        catch (ImportException exception)
        {
            return exception.Problems;
        }
    }

    /// <summary>A client that is right except for <paramref name="members"/>.</summary>
    public static string Confidential(string members) => $$"""
        { "clients": [{ "client_id": "app", "client_secret": "{{Secret}}", {{members}} }] }
        """;

    public static string Public(string members) => $$"""
        { "clients": [{ "client_id": "app", "token_endpoint_auth_method": "none", {{members}} }] }
        """;

    public static string User(string members) => $$"""
        { "users": [{ "username": "alice", {{members}} }] }
        """;

    public static string Claims(string members) => User($$"""
        "claims": { {{members}} }
        """);
}
