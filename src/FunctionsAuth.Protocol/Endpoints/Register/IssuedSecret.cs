using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>The secret of a client that registered itself. It never expires.</summary>
/// <param name="Stored">What the client's row has: a hash, and the text only for <c>client_secret_jwt</c>.</param>
/// <param name="Shown">What the answer has; null where only a hash is known.</param>
internal sealed record IssuedSecret(ClientSecret? Stored, string? Shown)
{
    public static IssuedSecret None { get; } = new(null, null);

    /// <summary>The secret that a client needs for its method: the one that it has, if that will do, or else a new one.</summary>
    /// <param name="kept">What that method needs the server to keep.</param>
    /// <param name="former">The one that it has.</param>
    /// <param name="presented">That one as the client sent it, proven to be the right one.</param>
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

    /// <summary>Without the secret, so that none gets into a log.</summary>
    public override string ToString() => nameof(IssuedSecret);

    private static IssuedSecret Of(string text, bool keepText) =>
        new(new ClientSecret(Base64Url.EncodeToString(SecretHash.Of(Encoding.UTF8.GetBytes(text))), Text: keepText ? text : null), text);
}
