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

/// <summary>Stores requests while a person is asked, and finds them again for the same browser only.</summary>
public sealed class RequestParking(
    IRequestStore store, AuthorizationRequestReader reader, PushedRequests pushed, ParkingLimits limits, BrowserCookies cookies, AuthorizationResponder responder, TimeProvider clock)
{
    // Some people press a button twice. The browser then shows the answer to the second request, so for a short time a completed request
    // is answered once more. That gives nobody anything new: whoever can press the button can also start again.
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
    /// Stores a request that came without our cookies. The browser may have them all the same, as it does not send them with a form that
    /// another site posts. New cookies would end the requests of its other tabs, so it gets none yet.
    /// </summary>
    /// <exception cref="OAuthException">Status 429: <see cref="ParkingLimits"/> allow no more right now.</exception>
    public async Task<ParkedRequest> ParkUnclaimedAsync(AuthorizationRequest request, CancellationToken cancellation)
    {
        var parked = NewParked(request, limits.Take(request.Encoded, null));
        await store.InsertAsync(parked, cancellation);
        return parked;
    }

    /// <summary>
    /// The request that a page is about, read again from its parameters: the client may have changed meanwhile.
    /// </summary>
    /// <exception cref="OAuthException">It has expired, was completed, or is another browser's.</exception>
    public async Task<(ParkedRequest Parked, AuthorizationRequest Request, byte[] Browser)> FindAsync(HttpContext http, string? id, CancellationToken cancellation)
    {
        var parked = RecordAddress.TryParse(id, out var address) ? await store.FindAsync(address, cancellation) : null;
        if (parked is null)
            throw Gone();
        if (IsOver(parked))
            throw await GoneAsync(http, parked, cancellation);
        // A browser claims such a request with a GET only, because it sends our cookies with a GET from any site. With a POST from another
        // site it sends none, and would get a new cookie in place of the one that it has.
        if (parked.BrowserHash is null && !HttpMethods.IsGet(http.Request.Method))
            throw Gone();
        var browser = parked.BrowserHash is null ? cookies.EnsureBrowser(http, parked.Address) : cookies.Browser(http, parked.Address);
        if (parked.BrowserHash is null)
            parked = await ClaimAsync(parked, browser!, cancellation);
        if (browser is null || !SecretHash.Matches(browser, parked.BrowserHash))
            throw Gone();
        var request = await reader.ReadAsync(Parameters.Parse(parked.Encoded), cancellation);
        // What a person is always asked for is answered once. And a client whose requests must be pushed by now is not served by one of before that.
        if (request.AlwaysAsks && parked.CompletedAt is not null)
            throw await GoneAsync(http, parked, cancellation);
        if (request.Client.RequirePushedAuthorizationRequests && parked.Pushed is null)
            throw await GoneAsync(http, parked, cancellation);
        return (parked, request with { Pushed = parked.Pushed }, browser);
    }

    /// <summary>The form that a page of ours posted, and the request that the page is about.</summary>
    /// <param name="purpose">What the token of the form is for.</param>
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

    /// <returns>The request as it stands now: another browser may have been first.</returns>
    private async Task<ParkedRequest> ClaimAsync(ParkedRequest parked, byte[] browser, CancellationToken cancellation) =>
        (await store.TryReplaceAsync(parked with { BrowserHash = SecretHash.Of(browser) }, cancellation)).Current ?? throw Gone();

    /// <summary>Notes that the user signed in for this request.</summary>
    public Task<ParkedRequest> SignInAsync(ParkedRequest parked, Session session, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { SignedInAs = session.Address, HalfLogin = null }, cancellation);

    /// <summary>Notes that somebody gave a right password for this request and has a second factor to show yet.</summary>
    public Task<ParkedRequest> SignInHalfAsync(ParkedRequest parked, HalfLogin half, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { HalfLogin = half }, cancellation);

    /// <summary>Notes that the user chose the account of this session for the request.</summary>
    public Task<ParkedRequest> ChooseAsync(ParkedRequest parked, Session session, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { ChosenAs = session.Address, HalfLogin = null }, cancellation);

    /// <summary>Notes a code that was sent by mail, or what is left of it.</summary>
    /// <param name="change">Makes of the code as it stands what is left of it.</param>
    public Task<ParkedRequest> ChangeEmailCodeAsync(ParkedRequest parked, Func<EmailCode?, EmailCode?> change, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { EmailCode = change(current.EmailCode) }, cancellation);

    /// <summary>Uses up the challenge that a passkey answers, whatever comes of the answer: of several answers at once, one is the first.</summary>
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

    /// <summary>Gives the request up, as it is being answered. It was parked, or pushed, or neither.</summary>
    /// <exception cref="OAuthException">It was answered before.</exception>
    public async Task CompleteAsync(ParkedRequest? parked, AuthorizationRequest request, CancellationToken cancellation)
    {
        if ((parked?.Pushed ?? request.Pushed) is { } address)
            await pushed.CompleteAsync(request.Client, address, cancellation);
        if (parked is not null)
            await ChangeAsync(parked, Completed, cancellation);

        // Of two answers at once, the second one is the same again, unless each is a payment or the like.
        ParkedRequest Completed(ParkedRequest current) => current.CompletedAt is not null && request.AlwaysAsks ? throw Gone() : current with { CompletedAt = current.CompletedAt ?? clock.GetUtcNow() };
    }

    /// <summary>Gives the request up for an error, which the caller throws. It is signed first where it must be: when the vault fails, the person can try again.</summary>
    /// <param name="isSignedIn">Whose answer it is, is known.</param>
    public async Task<OAuthException> RefuseAsync(ParkedRequest parked, AuthorizationRequest request, OAuthException error, CancellationToken cancellation, bool isSignedIn = false)
    {
        // The person pressed a button, or signed in.
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
    /// Whoever comes back to a request that is over, by the back button or a bookmark, is shown the way to the app. Only the browser that
    /// began it is told which app that is.
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

/// <summary>How the URL of a page names the request that it is about.</summary>
public static class PageAddress
{
    public static string Of(ParkedRequest parked) => $"{PageFields.Request}={parked.Address}";

    /// <summary>The same for the login page, when the person wants to sign in with another account than the one that is signed in.</summary>
    /// <param name="account"><see cref="PageFields.AnotherAccount"/>, or the place of a known account in the list of the browser.</param>
    public static string Of(ParkedRequest parked, string account) => $"{Of(parked)}&{PageFields.Account}={account}";
}
