using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Dpop;

/// <summary>
/// Nonces for proofs: RFC 9449 §8. They are not stored. A nonce is a time step and a MAC over it, with a key that all instances share. It is valid in
/// its step and the next one.
/// </summary>
public sealed class DpopNonces(ISecretStore secrets, ServerOptions options, TimeProvider clock)
{
    private const string SecretName = "dpop-nonces";
    private const int MacLength = 16;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(3);

    private byte[]? secret;

    public bool AreRequired => options.Dpop.RequireNonce;

    /// <summary>The nonce of now.</summary>
    /// <exception cref="Errors.TemporarilyUnavailableException">The secret of the server has not been read yet, and storage did not answer.</exception>
    public async ValueTask<string> CurrentAsync(CancellationToken cancellation) => Write(StepOf(clock.GetUtcNow()), await KeyAsync(cancellation));

    /// <summary>Tells the client the nonce for its next proof (§8.2), if proofs must have one.</summary>
    /// <inheritdoc cref="CurrentAsync"/>
    public async ValueTask TellAsync(HttpResponse response, CancellationToken cancellation)
    {
        if (AreRequired)
            response.Headers[DpopProofs.NonceHeader] = await CurrentAsync(cancellation);
    }

    /// <returns>The time at which the nonce ends; null for a nonce that this server did not issue, or that is too old.</returns>
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
