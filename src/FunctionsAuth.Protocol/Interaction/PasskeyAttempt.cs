using System.Buffers.Text;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Passkeys;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>The result of a passkey that was posted for a parked request.</summary>
/// <param name="Parked">The current request, with another challenge.</param>
/// <param name="Problem">The reason why the login failed, for the user.</param>
public sealed record PasskeyAnswered(ParkedRequest Parked, PasskeyOutcome Outcome, Phrase? Problem);

/// <summary>Asks for a passkey on a page of a parked request, and checks the answer.</summary>
public sealed class PasskeyAttempt(RequestParking parking, PasskeyLogin passkeys, RelyingParty party, TimeProvider clock)
{
    private const string Purpose = "login";

    private static readonly PasskeyOutcome Nobody = new(null);

    /// <returns>Null when nobody can sign in with a passkey.</returns>
    public PasskeyQuestion? QuestionFor(ParkedRequest parked)
    {
        if (!party.HasPasskeys || parked.PasskeySecret is not { } secret)
            return null;
        var challenge = PasskeyChallenge.New(secret, clock.GetUtcNow(), PurposeOf(parked));
        return new PasskeyQuestion(challenge.ToString(), challenge.At, party.Id);
    }

    /// <summary>The challenge is consumed first. So a challenge is never answered twice, whatever the result is.</summary>
    /// <param name="form">The form from the browser of the request, with a valid form token.</param>
    public async Task<PasskeyAnswered> TakeAsync(ParkedRequest parked, Parameters form, string clientId, CancellationToken cancellation)
    {
        var challenge = PasskeyChallenge.Given(parked.PasskeySecret, form[PageFields.PasskeyAt], clock.GetUtcNow(), PurposeOf(parked));
        var used = await parking.UsePasskeySecretAsync(parked, cancellation);
        if (used is null || challenge is null || !party.HasPasskeys)
            return new PasskeyAnswered(used ?? parked, Nobody, Phrase.Of($"That took too long, or was answered already. Try once more."));
        var outcome = PasskeyAssertion.Read(name => form[name]) is { } answer ? await passkeys.AuthenticateAsync(answer, challenge, clientId, cancellation) : Nobody;
        return new PasskeyAnswered(used, outcome, outcome switch
        {
            { Login: not null } => null,
            { IsDisabled: true } => DisabledAccount.Text,
            _ => Phrase.Of($"That passkey does not sign anybody in here. Try another one, or use your password."),
        });
    }

    /// <summary>For this request, in this browser.</summary>
    private static string[] PurposeOf(ParkedRequest parked) => [Purpose, parked.Address.ToString(), Base64Url.EncodeToString(parked.BrowserHash ?? [])];
}
