using System.Buffers.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FunctionsAuth.Protocol.Passkeys;

/// <summary>A key that an authenticator has just created.</summary>
public sealed record NewPasskey(byte[] Id, byte[] PublicKey, uint SignCount, bool IsSynced);

/// <summary>
/// Checks the signatures of authenticators (WebAuthn §7.1, §7.2) with ASP.NET Core, and makes the checks that ASP.NET Core leaves to its caller. Only
/// <see cref="Framework"/> uses its types, so that the assemblies are loaded with the first passkey.
/// </summary>
public sealed class PasskeyVerifier(RelyingParty party)
{
    private readonly Lazy<Framework> framework = new(() => new Framework(party.Id!, party.Origin));

    /// <returns>The counter that the authenticator sent; null when the answer is not valid. The caller must compare it with the stored counter.</returns>
    public async Task<uint?> VerifyAsync(PasskeyAssertion answer, Passkey stored, PasskeyChallenge challenge) =>
        party.HasPasskeys && ClientData.IsOf(answer.ClientData, ClientData.Get, challenge, party.Origin) ? await framework.Value.VerifyAsync(answer, stored, challenge) : null;

    /// <returns>Null when the answer is not valid, or when its key has another algorithm than ES256 and RS256.</returns>
    public async Task<NewPasskey?> VerifyAsync(PasskeyAttestation answer, PasskeyChallenge challenge) =>
        party.HasPasskeys && ClientData.IsOf(answer.ClientData, ClientData.Create, challenge, party.Origin) ? await framework.Value.VerifyAsync(answer, challenge) : null;

    private sealed class Framework(string relyingPartyId, string origin)
    {
        // Its names for algorithms (RFC 9053). EdDSA would need another library.
        private const int Es256 = -7;
        private const int Rs256 = -257;

        private readonly IOptions<IdentityPasskeyOptions> options = Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = relyingPartyId,
            UserVerificationRequirement = "required",
            IsAllowedAlgorithm = algorithm => algorithm is Es256 or Rs256,
            // By default, it would trust a header.
            ValidateOrigin = context => ValueTask.FromResult(context.Origin == origin && !context.CrossOrigin && context.TopOrigin is null),
        });

        public async Task<uint?> VerifyAsync(PasskeyAssertion answer, Passkey stored, PasskeyChallenge challenge)
        {
            using var people = new OnePerson(stored);
            var result = await new PasskeyHandler<Passkey>(people.Manager, options).PerformAssertionAsync(new PasskeyAssertionContext
            {
                HttpContext = new DefaultHttpContext(),
                CredentialJson = Credential(answer.Id, new JsonObject
                {
                    ["clientDataJSON"] = Text(answer.ClientData),
                    ["authenticatorData"] = Text(answer.AuthenticatorData),
                    ["signature"] = Text(answer.Signature),
                }),
                AssertionState = new JsonObject { ["challenge"] = StateOf(challenge), ["userId"] = stored.Subject }.ToJsonString(),
            });
            return result.Succeeded ? result.Passkey.SignCount : null;
        }

        public async Task<NewPasskey?> VerifyAsync(PasskeyAttestation answer, PasskeyChallenge challenge)
        {
            using var people = new OnePerson(null);
            var result = await new PasskeyHandler<Passkey>(people.Manager, options).PerformAttestationAsync(new PasskeyAttestationContext
            {
                HttpContext = new DefaultHttpContext(),
                CredentialJson = Credential(answer.Id, new JsonObject { ["clientDataJSON"] = Text(answer.ClientData), ["attestationObject"] = Text(answer.AttestationObject) }),
                AttestationState = new JsonObject
                {
                    ["challenge"] = StateOf(challenge),
                    ["userEntity"] = new JsonObject { ["id"] = "person", ["name"] = "person", ["displayName"] = "person" },
                }.ToJsonString(),
            });
            return result.Succeeded ? new NewPasskey(result.Passkey.CredentialId, result.Passkey.PublicKey, result.Passkey.SignCount, result.Passkey.IsBackupEligible) : null;
        }

        private static string Credential(byte[] id, JsonObject response) => new JsonObject
        {
            ["id"] = Text(id),
            ["type"] = "public-key",
            ["response"] = response,
            ["clientExtensionResults"] = new JsonObject(),
        }.ToJsonString();

        // The state that the framework keeps between question and answer, in its own format. Ours keeps no question.
        private static string StateOf(PasskeyChallenge challenge) => Convert.ToBase64String(challenge.Value);

        private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
    }
}
