using System.Text.Json;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>The client data (WebAuthn §5.8.1): the browser describes the page that asked for a passkey, and the authenticator signs this description.</summary>
internal static class ClientData
{
    public const string Create = "webauthn.create";
    public const string Get = "webauthn.get";

    /// <summary>
    /// WebAuthn §7.1 and §7.2: the right ceremony, this challenge, and a page of exactly this origin that is not in a frame of another site. An
    /// origin that only ends in the right host is refused.
    /// </summary>
    public static bool IsOf(byte[] json, string type, PasskeyChallenge challenge, string origin)
    {
        try
        {
            var data = StrictJson.Parse(json);
            return data.ValueKind == JsonValueKind.Object
                && data.TextOf("type") == type
                && data.TextOf("challenge") == challenge.ToString()
                && data.TextOf("origin") == origin
                && (!data.TryGetProperty("crossOrigin", out var crossOrigin) || crossOrigin.ValueKind == JsonValueKind.False)
                && !data.TryGetProperty("topOrigin", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
