using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SecondFactor;

/// <summary>
/// The page that asks for a second factor: after a password, when the parked request has a half login, or in a session whose level is too low for the
/// request (RFC 9470). It asks only for the missing factors.
/// </summary>
public sealed class SecondFactorEndpoint(RequestParking parking, FactorScenes scenes, SecondFactorCheck check, EmailCodes emailCodes, FactorSession sessions, PasskeyAttempt passkeys, LoginCompletion completion, AuthorizationFlow flow, SecondFactorForm form)
    : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(SecondFactorEndpoint))
    {
        Parts = [typeof(FactorScenes), typeof(FactorSession), typeof(SecondFactorForm)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        SecurityHeaders.AllowScript(http.Response);
        return HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);
    }

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        if (request.IsSilent || await scenes.FindAsync(http, parked, request, cancellation) is not { } scene)
            return await ElsewhereAsync(http, request, parked, cancellation);
        return scene.MustSetUp ? form.ShowSetUp(parked, request, browser, scene) : form.Show(parked, request, browser, scene, query[PageFields.Method] == PageFields.MethodRecovery);
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var (posted, parked, request, browser) = await parking.FindPostedAsync(http, SecondFactorForm.Purpose, cancellation);
        if (posted[PageFields.Action] == PageFields.ActionCancel)
            throw await parking.RefuseAsync(parked, request, RefusalOf(request), cancellation);
        if (await scenes.FindAsync(http, parked, request, cancellation) is not { } scene)
            return await ElsewhereAsync(http, request, parked, cancellation);
        if (scene.MustSetUp)
            return form.ShowSetUp(parked, request, browser, scene);
        if (posted[PageFields.Action] == PageFields.ActionPasskey)
            return await SubmitPasskeyAsync(http, posted, parked, request, browser, scene, cancellation);
        if (scene.EmailForCodes is { } address)
            return await SubmitEmailAsync(http, posted, parked, request, browser, scene, address, cancellation);
        var typed = posted[PageFields.Code] ?? "";
        if (scene.Wanted > AuthenticationLevel.MultiFactor || await check.VerifyAsync(scene.Person.Factors, typed, request.Client.ClientId, cancellation) is not { } proof)
            return form.ShowProblem(parked, request, browser, scene, posted[PageFields.Method] == PageFields.MethodRecovery, Phrase.Of($"That code is wrong or was used already, or there were too many tries. Wait for the next code, or wait a few minutes."));
        // A person who knows the password and has the code may be told.
        if (scene.User.Disabled)
            return form.ShowProblem(parked, request, browser, scene, isRecovery: false, DisabledAccount.Text);
        var session = await sessions.BeginAsync(http, scene, proof, request.Client.ClientId, posted[PageFields.RememberFactor] == PageFields.True, cancellation);
        return await completion.GoOnAsync(http, request, parked, session, cancellation);
    }

    private async Task<IResult> SubmitEmailAsync(
        HttpContext http, Parameters posted, ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene, string address, CancellationToken cancellation)
    {
        if (posted[PageFields.Action] == PageFields.ActionSendCode)
        {
            return await emailCodes.SendAsync(parked, scene.User, address, cancellation) is { } sent
                ? form.Show(sent, request, browser, scene, isRecovery: false)
                : form.ShowProblem(parked, request, browser, scene, isRecovery: false, Phrase.Of($"Too many codes were requested. Wait a minute, and use the last code if you received it. After five codes, wait an hour."));
        }
        var (changed, proof) = await emailCodes.TakeAsync(parked, scene.User.Subject, posted[PageFields.Code] ?? "", request.Client.ClientId, cancellation);
        if (proof is null)
            return form.ShowProblem(changed, request, browser, scene, isRecovery: false, Phrase.Of($"That code is wrong, too old or used already, or there were too many tries. Type it again, or send another code."));
        var session = await sessions.BeginAsync(http, scene, proof, request.Client.ClientId, remember: false, cancellation);
        return await completion.GoOnAsync(http, request, changed, session, cancellation);
    }

    /// <summary>A passkey reaches every level. It must belong to the same user.</summary>
    private async Task<IResult> SubmitPasskeyAsync(
        HttpContext http, Parameters posted, ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene, CancellationToken cancellation)
    {
        var answered = await passkeys.TakeAsync(parked, posted, request.Client.ClientId, cancellation);
        if (answered.Outcome.Login is not { } login || login.User.Subject != scene.User.Subject)
            return form.ShowProblem(answered.Parked, request, browser, scene, isRecovery: false, answered.Problem ?? Phrase.Of($"That passkey belongs to another account."));
        var session = await sessions.BeginAsync(http, scene with { User = login.User }, login.Proofs[0], request.Client.ClientId, remember: false, cancellation);
        return await completion.GoOnAsync(http, request, answered.Parked, session, cancellation);
    }

    /// <summary>A half login that is no longer valid, because the password was changed, starts again.</summary>
    private async Task<IResult> ElsewhereAsync(HttpContext http, AuthorizationRequest request, ParkedRequest parked, CancellationToken cancellation) =>
        scenes.IsHalf(parked) ? flow.AskToSignIn(http, parked, PageFields.AnotherAccount) : await flow.ContinueAsync(http, request, await sessions.UserAsync(http, request, cancellation), parked, cancellation);

    private static OAuthException RefusalOf(AuthorizationRequest request) => request.Acr.IsEssential
        ? OAuthError.UnmetAuthenticationRequirements("The user did not complete the factor that the essential acr requires")
        : OAuthError.Denied("The user did not complete the second factor");
}

/// <summary>The session that a second factor begins, or raises to a higher level.</summary>
public sealed class FactorSession(SessionStarter starter, SessionReader reader, FactorMemory factors, DeviceMemory devices)
{
    /// <param name="remember">The user asks not to be asked for a code again in this browser.</param>
    public async Task<Session> BeginAsync(HttpContext http, FactorScene scene, Proof proof, string clientId, bool remember, CancellationToken cancellation)
    {
        var user = scene.User;
        var session = scene.Half is { } half
            ? await starter.StartAsync(http, new ProvenLogin(user, [half.Proof, proof]), clientId, half.Remember, cancellation)
            : await starter.RaiseAsync(http, scene.Session!, user, proof, clientId, cancellation);
        await devices.RememberAsync(http, user, cancellation);
        if (remember && proof.IsSecondFactor)
            await factors.RememberAsync(http, user.Subject, cancellation);
        return session;
    }

    public Task<CurrentUser> UserAsync(HttpContext http, AuthorizationRequest request, CancellationToken cancellation) => reader.FindAsync(http, request.Client.ClientId, cancellation);
}
