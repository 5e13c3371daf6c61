using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Rules;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Records;

/// <summary>Writes records in the form of an import file. Default values are left out, so that reading them again gives the same records.</summary>
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

    /// <summary>Only the hash of a stored secret, and the time at which it expires.</summary>
    public static JsonArray Secrets(IEnumerable<ClientSecret> secrets) => [.. secrets.Select(Secret)];

    private static JsonObject Secret(ClientSecret secret)
    {
        var written = new JsonObject { ["sha256"] = secret.Sha256 };
        if (secret.ExpiresAt is { } end)
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

    /// <summary>Texts in other languages are members with a language tag.</summary>
    private static void Flatten(JsonObject written, IReadOnlyDictionary<string, string>? localized)
    {
        written.Remove(LocalTexts.Member);
        foreach (var (name, text) in (localized ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal))
            written[name] = text;
    }
}
