using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.SessionEnd;

/// <summary>Issues logout tokens: OpenID Connect Back-Channel Logout §2.4.</summary>
public sealed class LogoutTokenIssuer(JwtSigner signer, SubjectIdentifiers subjects, ServerUrls urls, TimeProvider clock)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int TokenIdLength = 16;

    // §2.4 asks for two minutes at most.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <exception cref="Errors.TemporarilyUnavailableException">No vault signed, or the secret of pairwise subjects could not be read.</exception>
    public async Task<string> IssueAsync(LogoutRecipient recipient, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var subject = await subjects.OfAsync(recipient.Client, recipient.Subject, cancellation);
        // §2.6: the client verifies it like its ID tokens, so it is signed in the same way.
        return await signer.SignAsync(recipient.Client.IdTokenSignedResponseAlg, JwtTypes.LogoutToken, Write, cancellation);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("sub", subject);
            json.WriteString("aud", recipient.Client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenIdLength)));
            json.WriteString("sid", recipient.Session.ToString());
            json.WriteStartObject("events");
            json.WriteStartObject(Event);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }
}
