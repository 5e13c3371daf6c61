using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Records in the form of an import file: what has its default value is left out, so that reading them again gives the same records.</summary>
public static class RecordWriter
{
    public static JsonObject Write(Client client, bool withSecrets)
    {
        var written = Write(client, new Client { ClientId = client.ClientId }, "client_id", client.Localized);
        if (withSecrets && client.ClientSecrets.Count > 0)
            written["client_secrets"] = Secrets(client.ClientSecrets);
        return written;
    }

    public static JsonObject Write(Scope scope) => Write(scope, new Scope { Name = scope.Name }, "name", scope.Localized);

    public static JsonObject Write(Resource resource) => Write(resource, new Resource { Identifier = resource.Identifier }, "identifier", resource.Localized);

    public static JsonObject Write(Group group) => Write(group, new Group { Name = group.Name }, "name", null);

    public static JsonObject Write(AuthorizationDetailsType type)
    {
        var written = Write(type, new AuthorizationDetailsType { Type = type.Type, Title = "" }, "type", type.Localized);
        foreach (var (line, stored) in (written["lines"] as JsonArray ?? []).Zip(type.Lines))
            Flatten(line!.AsObject(), stored.Localized);
        return written;
    }

    /// <summary>Only what a stored secret is compared with, and when it ends.</summary>
    public static JsonArray Secrets(IEnumerable<ClientSecret> secrets) => [.. secrets.Select(secret => Secret("sha256", secret.Sha256, secret.ExpiresAt))];

    /// <summary>The same to be read again: those whose text the server needs stand there as they are. Nobody is shown it.</summary>
    public static JsonArray SecretsToRead(IEnumerable<ClientSecret> secrets) =>
        [.. secrets.Select(secret => secret.Text is { } text ? Secret("client_secret", text, secret.ExpiresAt) : Secret("sha256", secret.Sha256, secret.ExpiresAt))];

    private static JsonObject Secret(string member, string value, DateTimeOffset? expiresAt)
    {
        var written = new JsonObject { [member] = value };
        if (expiresAt is { } end)
            written["expires_at"] = end.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    private static JsonObject Write<T>(T record, T defaults, string key, IReadOnlyDictionary<string, string>? localized)
    {
        var all = JsonSerializer.SerializeToNode(record, RecordJson.Options)!.AsObject();
        var usual = JsonSerializer.SerializeToNode(defaults, RecordJson.Options)!.AsObject();
        var written = new JsonObject();
        foreach (var (name, value) in all)
        {
            if (name == key || (value is not null && !JsonNode.DeepEquals(value, usual[name])))
                written[name] = value?.DeepClone();
        }
        Flatten(written, localized);
        return written;
    }

    /// <summary>Texts in other languages stand as members with a language tag.</summary>
    private static void Flatten(JsonObject written, IReadOnlyDictionary<string, string>? localized)
    {
        written.Remove(LocalTexts.Member);
        foreach (var (name, text) in (localized ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal))
            written[name] = text;
    }
}
