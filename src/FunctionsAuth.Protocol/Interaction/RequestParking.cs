using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Stores authorization requests while a user is asked, and returns them to the same browser only.</summary>
public sealed class RequestParking(
    IRequestStore store, AuthorizationRequestReader reader, PushedRequests pushed, ParkingLimits limits, BrowserCookies cookies, AuthorizationResponder responder, TimeProvider clock)
{
    // Some people press a button twice. The browser then shows the answer to the second request, so a completed request is answered once more for a
    // short time. This is safe, because a person who can press the button can also start again.
    private static readonly TimeSpan PressedTwice = TimeSpan.FromSeconds(10);

    /// <summary>Stores a request for this browser.</summary>
    /// <exception cref="OAuthException">Status 429: <see cref="ParkingLimits"/> allow no more right now.</exception>
    public async Task<ParkedRequest> ParkAsync(HttpContext http, AuthorizationRequest request, CancellationToken cancellation)
    {
        var parked = NewParked(request, limits.Take(request.Encoded, cookies.Browser(http)));
        parked = parked with { BrowserHash = SecretHash.Of(cookies.EnsureBrowser(http, parked.Address)) };
        await store.InsertAsync(parked, cancellation);
        return parked;
    }

    /// <summary>
    /// Stores a request that was sent without our cookies. The browser may have them anyway, because it does not send them with a form that another
    /// site posts. New cookies would end the requests in its other tabs, so it gets none yet.
    /// </summary>
    /// <exception cref="OAuthException">Status 429: <see cref="ParkingLimits"/> allow no more right now.</exception>
    public async Task<ParkedRequest> ParkUnclaimedAsync(AuthorizationRequest request, CancellationToken cancellation)
    {
        var parked = NewParked(request, limits.Take(request.Encoded, null));
        await store.InsertAsync(parked, cancellation);
        return parked;
    }

    /// <summary>The request of a page, read again from its parameters, because the client may have changed in the meantime.</summary>
    /// <exception cref="OAuthException">The request has expired, was completed, or belongs to another browser.</exception>
    public async Task<(ParkedRequest Parked, AuthorizationRequest Request, byte[] Browser)> FindAsync(HttpContext http, string? id, CancellationToken cancellation)
    {
        var parked = RecordAddress.TryParse(id, out var address) ? await store.FindAsync(address, cancellation) : null;
        if (parked is null)
            throw Gone();
        if (IsOver(parked))
            throw await GoneAsync(http, parked, cancellation);
        // Only a GET binds such a request to a browser, because browsers send our cookies with a GET from any site. With a POST from another site they
        // send none, and would get a new cookie in place of the existing one.
        if (parked.BrowserHash is null && !HttpMethods.IsGet(http.Request.Method))
            throw Gone();
        var browser = parked.BrowserHash is null ? cookies.EnsureBrowser(http, parked.Address) : cookies.Browser(http, parked.Address);
        if (parked.BrowserHash is null)
            parked = await ClaimAsync(parked, browser!, cancellation);
        if (browser is null || !SecretHash.Matches(browser, parked.BrowserHash))
            throw Gone();
        var request = await reader.ReadAsync(Parameters.Parse(parked.Encoded), cancellation);
        // A request for which the user is always asked is answered once. And if the client must use pushed requests now, an earlier request that was not
        // pushed is refused.
        if (request.AlwaysAsks && parked.CompletedAt is not null)
            throw await GoneAsync(http, parked, cancellation);
        if (request.Client.RequirePushedAuthorizationRequests && parked.Pushed is null)
            throw await GoneAsync(http, parked, cancellation);
        return (parked, request with { Pushed = parked.Pushed }, browser);
    }

    /// <summary>The form that one of our pages posted, and the request of the page.</summary>
    /// <param name="purpose">The purpose of the form token.</param>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<(Parameters Form, ParkedRequest Parked, AuthorizationRequest Request, byte[] Browser)> FindPostedAsync(
        HttpContext http, string purpose, CancellationToken cancellation)
    {
        var form = await Parameters.FromBodyAsync(http.Request);
        var (parked, request, browser) = await FindAsync(http, form[PageFields.Request], cancellation);
        return FormToken.IsValid(form[PageFields.FormToken], browser, purpose, parked.Address.ToString()) ? (form, parked, request, browser) : throw Gone();
    }

    private static ParkedRequest NewParked(AuthorizationRequest request, DateTimeOffset expiresAt) =>
        new()
        {
            Address = RecordAddress.New(expiresAt),
            Encoded = request.Encoded,
            PasskeySecret = Handle.NewSecret(),
            Pushed = request.Pushed,
            ExpiresAt = expiresAt,
        };

    /// <returns>The current request. Another browser may have been first.</returns>
    private async Task<ParkedRequest> ClaimAsync(ParkedRequest parked, byte[] browser, CancellationToken cancellation) =>
        (await store.TryReplaceAsync(parked with { BrowserHash = SecretHash.Of(browser) }, cancellation)).Current ?? throw Gone();

    /// <summary>Stores that the user signed in for this request.</summary>
    public Task<ParkedRequest> SignInAsync(ParkedRequest parked, Session session, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { SignedInAs = session.Address, HalfLogin = null }, cancellation);

    /// <summary>Stores that a user gave a right password for this request and still needs a second factor.</summary>
    public Task<ParkedRequest> SignInHalfAsync(ParkedRequest parked, HalfLogin half, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { HalfLogin = half }, cancellation);

    /// <summary>Stores that the user chose the account of this session for the request.</summary>
    public Task<ParkedRequest> ChooseAsync(ParkedRequest parked, Session session, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { ChosenAs = session.Address, HalfLogin = null }, cancellation);

    /// <summary>Stores a code that was sent by mail, or its new state.</summary>
    /// <param name="change">Returns the new state of the current code.</param>
    public Task<ParkedRequest> ChangeEmailCodeAsync(ParkedRequest parked, Func<EmailCode?, EmailCode?> change, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { EmailCode = change(current.EmailCode) }, cancellation);

    /// <summary>Consumes the challenge that a passkey answers, whatever the result is. Of several answers at the same time, one is first.</summary>
    /// <returns>The request with another secret; null when the challenge was answered before.</returns>
    public async Task<ParkedRequest?> UsePasskeySecretAsync(ParkedRequest parked, CancellationToken cancellation)
    {
        var isFirst = false;
        var secret = Handle.NewSecret();
        var changed = await CompareAndSwap.ChangeAsync(parked, Used, store.TryReplaceAsync, cancellation);
        return isFirst ? changed : null;

        ParkedRequest? Used(ParkedRequest? current)
        {
            isFirst = current?.PasskeySecret is { } known && parked.PasskeySecret is { } asked && known.AsSpan().SequenceEqual(asked);
            return isFirst ? current! with { PasskeySecret = secret } : null;
        }
    }

    /// <summary>Marks the request as answered. It may be parked, pushed, or neither.</summary>
    /// <exception cref="OAuthException">The request was answered before.</exception>
    public async Task CompleteAsync(ParkedRequest? parked, AuthorizationRequest request, CancellationToken cancellation)
    {
        if ((parked?.Pushed ?? request.Pushed) is { } address)
            await pushed.CompleteAsync(request.Client, address, cancellation);
        if (parked is not null)
            await ChangeAsync(parked, Completed, cancellation);

        // Of two answers at the same time, the second gets the same result, unless each answer is something like a payment.
        ParkedRequest Completed(ParkedRequest current) => current.CompletedAt is not null && request.AlwaysAsks ? throw Gone() : current with { CompletedAt = current.CompletedAt ?? clock.GetUtcNow() };
    }

    /// <summary>
    /// Marks the request as answered with an error, which the caller throws. The error is signed first if required: when the vault fails, the user
    /// can try again.
    /// </summary>
    /// <param name="isSignedIn">The user of the answer is known.</param>
    public async Task<OAuthException> RefuseAsync(ParkedRequest parked, AuthorizationRequest request, OAuthException error, CancellationToken cancellation, bool isSignedIn = false)
    {
        // The user pressed a button or signed in.
        var target = request.Target with { AskFor = null, IsForSignedIn = isSignedIn };
        var address = await responder.AddressOfAsync(target, error, cancellation);
        await CompleteAsync(parked, request, cancellation);
        return error.To(target, address);
    }

    private async Task<ParkedRequest> ChangeAsync(ParkedRequest parked, Func<ParkedRequest, ParkedRequest> change, CancellationToken cancellation)
    {
        var changed = await CompareAndSwap.ChangeAsync(
            parked, current => ReferenceEquals(current, parked) || (current is not null && !IsOver(current)) ? change(current!) : throw Gone(), store.TryReplaceAsync, cancellation);
        return changed!;
    }

    private bool IsOver(ParkedRequest parked) => clock.GetUtcNow() is var now && (now >= parked.ExpiresAt || now >= parked.CompletedAt + PressedTwice);

    /// <summary>
    /// A person who returns to a completed request, by the back button or a bookmark, gets a link to the app. Only the browser of the request is told
    /// which app it is.
    /// </summary>
    private async Task<OAuthException> GoneAsync(HttpContext http, ParkedRequest parked, CancellationToken cancellation)
    {
        if (cookies.Browser(http, parked.Address) is not { } browser || !SecretHash.Matches(browser, parked.BrowserHash))
            return Gone();
        try
        {
            var client = await reader.FindClientAsync(Parameters.Parse(parked.Encoded), cancellation);
            return Gone(client.ForPage() with { Uri = client.StartUri() });
        }
        catch (OAuthException)
        {
            return Gone();
        }
    }

    public static OAuthException Gone(PageClient? client = null) =>
        new("invalid_request", "The request is unknown, has expired, was already completed, or was started in another browser")
        {
            Client = client,
            ForPerson = Phrase.Of($"This sign-in has expired or was completed already. Go back to the app and start again. If that does not help, allow cookies for this site."),
        };
}

/// <summary>The name of the request in the URL of a page.</summary>
public static class PageAddress
{
    public static string Of(ParkedRequest parked) => $"{PageFields.Request}={parked.Address}";

    /// <summary>The same for the login page, when the user wants to sign in with another account.</summary>
    /// <param name="account"><see cref="PageFields.AnotherAccount"/>, or the position of a known account in the list of the browser.</param>
    public static string Of(ParkedRequest parked, string account) => $"{Of(parked)}&{PageFields.Account}={account}";
}
