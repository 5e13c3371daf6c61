using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>
/// The configuration as an import file: scopes, APIs, types of authorization details, groups and clients, each section in the order of the names. Two
/// exports of the same configuration are the same bytes. People, and clients that registered themselves, are not in it.
/// </summary>
public sealed class ConfigurationText(IScopeStore scopes, IGroupStore groups, IClientStore clients)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The sections, in the order in which what is named comes before what names it.</summary>
    public static IReadOnlyList<(string Section, string Key)> Sections { get; } =
        [("scopes", "name"), ("groups", "name"), ("resources", "identifier"), ("authorization_details_types", "type"), ("clients", "client_id")];

    public async Task<JsonObject> ReadAsync(CancellationToken cancellation) => (await ReadWithSecretsAsync(cancellation)).Configuration;

    /// <summary>The configuration, and the secrets whose text the server needs, by their hash: an export has hashes alone.</summary>
    public async Task<(JsonObject Configuration, IReadOnlyList<ClientSecret> Texts)> ReadWithSecretsAsync(CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        var all = await AllAsync(clients.ListAsync, cancellation);
        var configuration = Write(
            catalog.Scopes.Where(scope => !Catalog.IsBuiltIn(scope.Name)).Select(RecordWriter.Write),
            (await AllAsync((_, request, stop) => groups.ListAsync(request, stop), cancellation)).Select(RecordWriter.Write),
            catalog.Resources.Select(RecordWriter.Write),
            catalog.DetailsTypes.Select(RecordWriter.Write),
            all.Where(client => client.Registration is null).Select(client => RecordWriter.Write(client, withSecrets: true)));
        return (configuration, [.. all.SelectMany(client => client.ClientSecrets).Where(secret => secret.Text is not null)]);
    }

    /// <summary>A file in the same form, with those sections that it has.</summary>
    public static JsonObject Write(ImportFile file) => Write(
        file.Scopes.Select(RecordWriter.Write),
        file.Groups.Select(RecordWriter.Write),
        file.Resources.Select(RecordWriter.Write),
        file.AuthorizationDetailsTypes.Select(RecordWriter.Write),
        file.Clients.Select(client => RecordWriter.Write(client, withSecrets: true)));

    /// <summary>As bytes, for a person to read and a repository to keep.</summary>
    public static byte[] Bytes(JsonObject configuration) => [.. JsonSerializer.SerializeToUtf8Bytes(configuration, Readable), (byte)'\n'];

    /// <summary>What an entity tag is made from.</summary>
    public static string VersionOf(JsonObject configuration) => Convert.ToHexString(SHA256.HashData(Bytes(configuration)));

    private static JsonObject Write(params IEnumerable<JsonObject>[] records)
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
