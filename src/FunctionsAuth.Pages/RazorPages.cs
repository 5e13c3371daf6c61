using FunctionsAuth.Pages.Components;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Pages;

/// <summary>Each page is the Razor component of its name, given the page's model.</summary>
public sealed class RazorPages : IPages
{
    public IResult Login(LoginPage page) => Render<Login>(page, page.Status);
    public IResult SignUp(SignUpPage page) => Render<SignUp>(page, page.Status);
    public IResult Consent(ConsentPage page) => Render<Consent>(page);
    public IResult Logout(LogoutPage page) => Render<Logout>(page);
    public IResult LoggedOut(LoggedOutPage page) => Render<LoggedOut>(page);
    public IResult Error(ErrorPage page) => Render<Error>(page, page.Status);
    public IResult FormPost(FormPostPage page) => Render<FormPost>(page);
    public IResult CheckSession(CheckSessionPage page) => Render<CheckSession>(page);
    public PageAsset? Asset(string name) => PageAssets.Find(name);

    private static ComponentPage<T> Render<T>(object model, int status = StatusCodes.Status200OK)
        where T : IComponent => new(model, status);
}
