using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>The modules that Message Signing adds: what a signed request must be.</summary>
public abstract class FapiMessageModules : FapiCodeModules
{
    private static readonly string[] BadObject = ["invalid_request_object"];

    [Module("fapi2-message-signing-final-ensure-request-object-with-multiple-aud-succeeds")]
    public Task Several_audiences() => First.LoginAsync(fault: Fault(claims => claims["aud"] = new JsonArray(Provider.Issuer, "https://other.example/", "invalid")));

    [Module("fapi2-message-signing-final-ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted")]
    public Task Request_of_8_seconds_after() => First.LoginAsync(fault: Fault(claims => claims["nbf"] = InSeconds(8)));

    [Module("fapi2-message-signing-final-ensure-request-object-without-exp-fails")]
    public Task Without_exp() => RefuseAsync(claims => claims.Remove("exp"));

    [Module("fapi2-message-signing-final-ensure-request-object-without-nbf-fails")]
    public Task Without_nbf() => RefuseAsync(claims => claims.Remove("nbf"));

    [Module("fapi2-message-signing-final-ensure-expired-request-object-fails")]
    public Task Expired() => RefuseAsync(claims => claims["exp"] = InSeconds(-3600));

    [Module("fapi2-message-signing-final-ensure-request-object-with-bad-aud-fails")]
    public Task For_another_server() => RefuseAsync(claims => claims["aud"] = "https://other.example/");

    [Module("fapi2-message-signing-final-ensure-request-object-with-exp-over-60-fails")]
    public Task Long_lived() => RefuseAsync(claims => claims["exp"] = InSeconds(70 * 60));

    [Module("fapi2-message-signing-final-ensure-request-object-with-nbf-over-60-fails")]
    public Task Old() => RefuseAsync(claims => claims["nbf"] = InSeconds(-70 * 60));

    [Module("fapi2-message-signing-final-ensure-signed-request-object-with-RS256-fails")]
    public async Task Signed_with_RS256() => ShouldFail(await First.PushAsync(First.Request(), new FapiFault { RequestObjectHeader = header => header["alg"] = "RS256" }), BadObject);

    [Module("fapi2-message-signing-final-ensure-request-object-signature-algorithm-is-not-none")]
    public async Task Unsigned() => ShouldFail(await First.PushAsync(First.Request(), new FapiFault { RequestObjectHeader = header => header["alg"] = "none" }), BadObject);

    [Module("fapi2-message-signing-final-ensure-request-object-with-invalid-signature-fails")]
    public async Task Bad_signature() => ShouldFail(await First.PushAsync(First.Request(), new FapiFault { Form = form => form["request"] = Spoilt(form["request"]) }), BadObject);

    [Module("fapi2-message-signing-final-ensure-matching-key-in-authorization-request")]
    public async Task Key_of_another_client() => ShouldFail(await First.PushAsync(First.Request(), new FapiFault { RequestObjectKey = Second.Client.Key }), "invalid_request", "invalid_request_object");

    [Module("fapi2-message-signing-final-ensure-unsigned-request-at-par-endpoint-fails")]
    public async Task Plain_request()
    {
        var fault = new FapiFault
        {
            Form = form =>
            {
                form.Remove("request");
                foreach (var (name, value) in First.Request().Parameters.Sent)
                    form[name] = value;
            },
        };
        ShouldFail(await First.PushAsync(First.Request(), fault), "invalid_request");
    }

    [Module("fapi2-message-signing-final-par-authorization-request-containing-request_uri")]
    public Task Request_uri_inside() => RefuseAsync(claims => claims["request_uri"] = "urn:ietf:params:oauth:request_uri:abc");

    private static FapiFault Fault(Action<JsonObject> change) => new() { RequestObject = change };

    private static long InSeconds(int seconds) => DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds();

    private static string Spoilt(string jwt) => $"{jwt[..^8]}{(jwt.EndsWith("AAAAAAAA", StringComparison.Ordinal) ? "BBBBBBBB" : "AAAAAAAA")}";

    private async Task RefuseAsync(Action<JsonObject> change) => ShouldFail(await First.PushAsync(First.Request(), Fault(change)), BadObject);
}
