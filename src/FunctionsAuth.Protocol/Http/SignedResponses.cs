using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// Authorization responses as signed JWTs: JARM §2. Each costs a signature. Only users with an account get a code, but anybody can cause errors, so
/// the number of signed errors is limited.
/// </summary>
public sealed class SignedResponses(JwtSigner signer, RequestSource source, ServerUrls urls, TimeProvider clock)
{
    /// <summary>JARM §2.1: a response is used at once, and 10 minutes are the limit.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly Allowance<string> errorsOfSources = new(60, TimeSpan.FromSeconds(1), clock);
    private readonly Allowance<bool> errorsOfAll = new(600, TimeSpan.FromMilliseconds(50), clock);

    /// <summary>Counts the signature of an error.</summary>
    /// <exception cref="OAuthException">Status 429: the limit is reached.</exception>
    public void TakeError()
    {
        TimeSpan wait;
        if ((source.Current is not { } network || errorsOfSources.TryTake(network, out wait)) && errorsOfAll.TryTake(true, out wait))
            return;
        ServerMetrics.Limited("signed_error");
        throw OAuthError.TooMany("Too many authorization requests failed", wait);
    }

    /// <summary>§2.1: the parameters of the response, with issuer, audience and expiry.</summary>
    /// <exception cref="TemporarilyUnavailableException">No key store signed.</exception>
    public Task<string> SignAsync(ResponseSigning signing, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation) =>
        signer.SignAsync(
            signing.Algorithm,
            JwtTypes.AuthorizationResponse,
            json =>
            {
                json.WriteString("iss", urls.Issuer);
                json.WriteString("aud", signing.ClientId);
                json.WriteNumber("exp", (clock.GetUtcNow() + Life).ToUnixTimeSeconds());
                foreach (var (name, value) in parameters)
                    json.WriteString(name, value);
            },
            cancellation);
}
