using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Dpop;

/// <summary>
/// Nonces for proofs: RFC 9449 §8. Nothing is stored for one. It is a step of time and a mac over it, with a key that all instances share, and is good
/// in its step and the next.
/// </summary>
public sealed class DpopNonces(ISecretStore secrets, ServerOptions options, TimeProvider clock)
{
    private const string SecretName = "dpop-nonces";
    private const int MacLength = 16;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(3);

    private byte[]? secret;

    public bool AreRequired => options.Dpop.RequireNonce;

    /// <summary>The nonce of now.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">The server's secret is not read yet, and storage did not answer.</exception>
    public async ValueTask<string> CurrentAsync(CancellationToken cancellation) => Write(StepOf(clock.GetUtcNow()), await KeyAsync(cancellation));

    /// <summary>Tells the client which nonce its next proof must have (§8.2), where proofs must have one.</summary>
    /// <inheritdoc cref="CurrentAsync"/>
    public async ValueTask TellAsync(HttpResponse response, CancellationToken cancellation)
    {
        if (AreRequired)
            response.Headers[DpopProofs.NonceHeader] = await CurrentAsync(cancellation);
    }

    /// <returns>When the nonce ends; null for one that is none of ours, or is too old.</returns>
    /// <inheritdoc cref="CurrentAsync"/>
    public async ValueTask<DateTimeOffset?> EndOfAsync(string? nonce, CancellationToken cancellation)
    {
        if (!StrictBase64Url.TryDecode(nonce, sizeof(long) + MacLength, out var bytes))
            return null;
        var step = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var current = StepOf(clock.GetUtcNow());
        if (step != current && step != current - 1)
            return null;
        var key = await KeyAsync(cancellation);
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(sizeof(long)), MacOf(bytes.AsSpan(0, sizeof(long)), key))
            ? new DateTimeOffset((step + 2) * Step.Ticks, TimeSpan.Zero)
            : null;
    }

    private static long StepOf(DateTimeOffset moment) => moment.UtcTicks / Step.Ticks;

    private static string Write(long step, byte[] key)
    {
        var bytes = new byte[sizeof(long) + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, step);
        MacOf(bytes.AsSpan(0, sizeof(long)), key).CopyTo(bytes, sizeof(long));
        return Base64Url.EncodeToString(bytes);
    }

    private static byte[] MacOf(ReadOnlySpan<byte> step, byte[] key) => HMACSHA256.HashData(key, step)[..MacLength];

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellation) => secret ??= await secrets.GetOrCreateAsync(SecretName, cancellation);
}
