using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>Tells a client later that could not be told at once. The token is signed for each attempt, because it is valid for two minutes.</summary>
public sealed class LogoutDeliverer(ClientRegistry clients, LogoutTokenIssuer tokens, LogoutCall call) : IOutboxDeliverer
{
    public const string Name = "logout_token";

    public string Kind => Name;

    public static byte[] PayloadOf(LogoutRecipient recipient) => JsonSerializer.SerializeToUtf8Bytes(
        new LogoutOrder(recipient.Client.ClientId, recipient.Subject, recipient.Session.ToString()), LogoutJson.Default.LogoutOrder);

    public async Task<Delivery> DeliverAsync(OutboxItem item, CancellationToken cancellation)
    {
        var order = JsonSerializer.Deserialize(item.Payload, LogoutJson.Default.LogoutOrder)!;
        if (!RecordAddress.TryParse(order.Session, out var session))
            return Delivery.Refused("the row names no session");
        // A client that no longer exists, or no longer wants logout tokens, is not told.
        if (await clients.FindAsync(order.ClientId, cancellation) is not { BackchannelLogoutUri: { } uri } client)
            return Delivery.Done;
        var token = await tokens.IssueAsync(new LogoutRecipient(client, order.Subject, session), cancellation);
        var answer = await call.PostAsync(uri, token, cancellation);
        return answer.Result switch
        {
            LogoutCallResult.Told => Delivery.Done,
            LogoutCallResult.Refused => Delivery.Refused($"client {client.ClientId}: {answer.Reason}"),
            _ => Delivery.Failed($"client {client.ClientId}: {answer.Reason}"),
        };
    }
}

/// <summary>The form in a row of the outbox.</summary>
internal sealed record LogoutOrder(string ClientId, string Subject, string Session);

[JsonSerializable(typeof(LogoutOrder))]
internal sealed partial class LogoutJson : JsonSerializerContext;
