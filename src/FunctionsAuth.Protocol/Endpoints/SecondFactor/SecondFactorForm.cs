using System.Globalization;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SecondFactor;

/// <summary>The pages of the second factor, and the token that binds their forms to the request and the browser.</summary>
public sealed class SecondFactorForm(IPages pages, FactorDevices devices, EmailCodes emailCodes, PasskeyAttempt passkeys, RelyingParty party)
{
    public const string Purpose = "second_factor";

    public IResult Show(ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene, bool isRecovery) =>
        pages.Show(PageOf(parked, request, browser, scene, isRecovery));

    public IResult ShowProblem(ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene, bool isRecovery, Phrase problem) =>
        pages.Show(PageOf(parked, request, browser, scene, isRecovery) with { Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });

    /// <summary>The user has no suitable factor yet, and goes to the account pages to set one up.</summary>
    public IResult ShowSetUp(ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene)
    {
        var id = parked.Address.ToString();
        return pages.Show(new SetUpFactorPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Username = scene.User.Username,
            PasskeyAddress = party.HasPasskeys ? $"{Routes.Account}/{AccountRoutes.Passkeys}?{PageAddress.Of(parked)}" : null,
            TotpAddress = scene.Wanted > AuthenticationLevel.MultiFactor ? null : $"{Routes.Account}/{AccountRoutes.Totp}?{PageAddress.Of(parked)}",
        });
    }

    /// <summary>The hint is enough for the user to recognize the mailbox, but does not reveal the address to somebody who only knows the password.</summary>
    private static string HintOf(string address) => $"{StringInfo.GetNextTextElement(address)}…{address[address.LastIndexOf('@')..]}";

    private SecondFactorPage PageOf(ParkedRequest parked, AuthorizationRequest request, byte[] browser, FactorScene scene, bool isRecovery)
    {
        var id = parked.Address.ToString();
        return new SecondFactorPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Username = scene.User.Username,
            TakesCode = scene.Person.Factors.HasAny && scene.Wanted <= AuthenticationLevel.MultiFactor,
            IsRecovery = isRecovery,
            EmailHint = scene.EmailForCodes is { } address ? HintOf(address) : null,
            IsEmailSent = scene.EmailForCodes is not null && emailCodes.IsSent(parked),
            Passkey = party.HasAnyOf(scene.Person) ? passkeys.QuestionFor(parked) : null,
            OtherAddress = scene.Person.Factors.RecoveryCodes.Count == 0 && !isRecovery ? null
                : $"{Routes.SecondFactor}?{PageAddress.Of(parked)}{(isRecovery ? "" : $"&{PageFields.Method}={PageFields.MethodRecovery}")}",
            // A user who needs a recovery code has lost the factor, so this browser is not remembered.
            RememberFor = scene.Half is null || isRecovery || devices.RememberFor == TimeSpan.Zero ? null : devices.RememberFor,
        };
    }
}
