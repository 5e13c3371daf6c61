using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>The secret of a client that registered itself. It never expires.</summary>
/// <param name="Stored">The stored form in the client's row: a hash, and the text only for <c>client_secret_jwt</c>.</param>
/// <param name="Shown">The secret in the answer; null if only a hash is known.</param>
internal sealed record IssuedSecret(ClientSecret? Stored, string? Shown)
{
    public static IssuedSecret None { get; } = new(null, null);

    /// <summary>The secret that a client needs for its method: its current secret if that is sufficient, or else a new one.</summary>
    /// <param name="kept">The form in which this method needs the secret to be stored.</param>
    /// <param name="former">The current secret.</param>
    /// <param name="presented">The current secret as the client sent it, after verification.</param>
    public static IssuedSecret For(KeptSecret kept, ClientSecret? former = null, string? presented = null)
    {
        if (kept == KeptSecret.None)
            return None;
        var keepText = kept == KeptSecret.Text;
        if (former is null || (keepText && (former.Text ?? presented) is null))
            return Of(Base64Url.EncodeToString(Handle.NewSecret()), keepText);
        var text = former.Text ?? presented;
        return new IssuedSecret(former with { Text = keepText ? text : null }, text);
    }

    public static bool Matches(string presented, ClientSecret secret) =>
        StrictBase64Url.TryDecode(secret.Sha256, Handle.SecretLength, out var hash) && SecretHash.Matches(Encoding.UTF8.GetBytes(presented), hash);

    /// <summary>The text has no secret, so that no secret gets into a log.</summary>
    public override string ToString() => nameof(IssuedSecret);

    private static IssuedSecret Of(string text, bool keepText) =>
        new(new ClientSecret(Base64Url.EncodeToString(SecretHash.Of(Encoding.UTF8.GetBytes(text))), Text: keepText ? text : null), text);
}
