using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>An event in the form that receivers get.</summary>
/// <param name="Id">The id of the event. It is the same for all webhooks and all attempts, so that a receiver can recognize duplicates.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="Body">JSON in UTF-8. It contains ids, but no name, email address or network of a user.</param>
public sealed record WebhookEvent(string Id, string Type, byte[] Body)
{
    public static WebhookEvent Of(AuditEvent entry, string type, string issuer)
    {
        var data = new JsonObject();
        foreach (var (name, value) in (IEnumerable<(string, string?)>)[("subject", entry.Subject), ("client_id", entry.ClientId), ("actor", Name(entry.Actor)), ("detail", entry.Detail)])
        {
            if (value is not null)
                data[name] = value;
        }
        return New(type, issuer, entry.At, data);
    }

    /// <summary>The test event, which an operator sends to try a webhook.</summary>
    public static WebhookEvent Ping(string issuer, DateTimeOffset now) => New(EventTypes.Ping, issuer, now, []);

    private static WebhookEvent New(string type, string issuer, DateTimeOffset at, JsonObject data)
    {
        var id = "evt_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var body = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["time"] = at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), // RFC 3339
            ["issuer"] = issuer,
            ["data"] = data,
        };
        return new WebhookEvent(id, type, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    private static string Name(AuditActor actor) => actor.ToString().ToLowerInvariant();
}
