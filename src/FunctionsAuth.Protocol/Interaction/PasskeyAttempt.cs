using System.Buffers.Text;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Passkeys;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>What came of a passkey that was posted for a parked request.</summary>
/// <param name="Parked">The request as it stands now, with another challenge.</param>
/// <param name="Problem">Why nobody signed in, for the person.</param>
public sealed record PasskeyAnswered(ParkedRequest Parked, PasskeyOutcome Outcome, Phrase? Problem);

/// <summary>Asks for a passkey on a page of a parked request, and takes the answer.</summary>
public sealed class PasskeyAttempt(RequestParking parking, PasskeyLogin passkeys, RelyingParty party, TimeProvider clock)
{
    private const string Purpose = "login";

    private static readonly PasskeyOutcome Nobody = new(null);

    /// <returns>Null where nobody can sign in with a passkey.</returns>
    public PasskeyQuestion? QuestionFor(ParkedRequest parked)
    {
        if (!party.HasPasskeys || parked.PasskeySecret is not { } secret)
            return null;
        var challenge = PasskeyChallenge.New(secret, clock.GetUtcNow(), PurposeOf(parked));
        return new PasskeyQuestion(challenge.ToString(), challenge.At, party.Id);
    }

    /// <summary>The challenge is used up first: whatever comes of the answer, there is no second one to it.</summary>
    /// <param name="form">Of the browser that the request is bound to, with a form token that is good.</param>
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
