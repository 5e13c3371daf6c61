using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The secrets of webhooks, and their signatures: Standard Webhooks 1.0.</summary>
public sealed class WebhookSecrets(ISecretSeal seal, TimeProvider clock)
{
    private const string Prefix = "whsec_";
    private const int Length = 32; // bytes: 24 to 64 are allowed

    /// <returns>The secret in its stored form, and the text for the receiver.</returns>
    /// <exception cref="Errors.TemporarilyUnavailableException">The vault or storage did not answer.</exception>
    public async Task<(WebhookSecret Stored, string Text)> MakeAsync(string webhookId, CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetBytes(Length);
        var stored = new WebhookSecret(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(6)), await seal.SealAsync(key, ContextOf(webhookId), cancellation), clock.GetUtcNow());
        return (stored, Prefix + Convert.ToBase64String(key));
    }

    /// <summary>The headers of a message that is sent now. It has a signature with each secret, so that a receiver needs only one of the secrets.</summary>
    /// <returns>Null if no secret could be opened.</returns>
    /// <inheritdoc cref="MakeAsync"/>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>?> SignAsync(Webhook webhook, string eventId, byte[] body, CancellationToken cancellation)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{eventId}.{timestamp}."), .. body];
        List<string> signatures = [];
        foreach (var secret in webhook.Secrets)
        {
            if (await seal.OpenAsync(secret.Sealed, ContextOf(webhook.Id), cancellation) is { } key)
                signatures.Add("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        }
        return signatures.Count == 0 ? null : [new("webhook-id", eventId), new("webhook-timestamp", timestamp), new("webhook-signature", string.Join(' ', signatures))];
    }

    private static string ContextOf(string webhookId) => $"webhook:{webhookId}";
}
