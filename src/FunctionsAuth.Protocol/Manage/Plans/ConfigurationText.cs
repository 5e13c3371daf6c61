using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Manage.Records;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>
/// The configuration as an import file: scopes, APIs, types of authorization details, groups and clients, each section in the order of the names. Two
/// exports of the same configuration are identical. Users, and clients that registered themselves, are not included.
/// </summary>
public sealed class ConfigurationText(IScopeStore scopes, IGroupStore groups, IClientStore clients)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The sections in the order of writing: records come before the records that refer to them.</summary>
    public static IReadOnlyList<(string Section, string Key)> Sections { get; } =
        [("scopes", "name"), ("groups", "name"), ("resources", "identifier"), ("authorization_details_types", "type"), ("clients", "client_id")];

    public async Task<ConfigurationState> ReadAsync(CancellationToken cancellation) => new(
        await scopes.LoadAsync(cancellation),
        await AllAsync((_, request, stop) => groups.ListAsync(request, stop), cancellation),
        await AllAsync(clients.ListAsync, cancellation));

    /// <summary>A file in the same form.</summary>
    public static JsonObject Write(ImportFile file) => Write(
        file.Scopes.Select(RecordWriter.Write),
        file.Groups.Select(RecordWriter.Write),
        file.Resources.Select(RecordWriter.Write),
        file.AuthorizationDetailsTypes.Select(RecordWriter.Write),
        file.Clients.Select(client => RecordWriter.Write(client, withSecrets: true)));

    /// <summary>As bytes, for people and for a repository.</summary>
    public static byte[] Bytes(JsonObject configuration) => [.. JsonSerializer.SerializeToUtf8Bytes(configuration, Readable), (byte)'\n'];

    /// <summary>The data from which an entity tag is computed.</summary>
    public static string VersionOf(JsonObject configuration) => Convert.ToHexString(SHA256.HashData(Bytes(configuration)));

    /// <param name="records">In the order of <see cref="Sections"/>.</param>
    public static JsonObject Write(params IEnumerable<JsonObject>[] records)
    {
        var written = new JsonObject();
        foreach (var ((section, key), items) in Sections.Zip(records))
            written[section] = new JsonArray([.. items.OrderBy(item => (string)item[key]!, StringComparer.Ordinal)]);
        return written;
    }

    private static async Task<List<T>> AllAsync<T>(Func<string, ListRequest, CancellationToken, Task<ListPage<T>>> list, CancellationToken cancellation)
    {
        List<T> all = [];
        for (ListRequest? request = ListRequest.First; request is { } part;)
        {
            var page = await list("", part, cancellation);
            all.AddRange(page.Items);
            request = page.Next is null ? null : part with { After = page.Next };
        }
        return all;
    }
}
