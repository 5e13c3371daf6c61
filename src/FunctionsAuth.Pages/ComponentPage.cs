using FunctionsAuth.Pages.Components;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Pages;

/// <summary>
/// A component as a whole response. Its one parameter is <c>Model</c>. It is rendered by <see cref="HtmlRenderer"/> and not
/// by RazorComponentResult, as that needs AddRazorComponents, which brings antiforgery and writes a data-protection key to
/// the instance's disk; the form token here is the protocol's own.
/// </summary>
internal sealed class ComponentPage(Type component, PageModel model, Language language, PageBrand brand) : IResult
{
    public async Task ExecuteAsync(HttpContext http)
    {
        var services = http.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(PageRoot.Component)] = component,
            [nameof(PageRoot.Model)] = model,
            [nameof(PageRoot.Surroundings)] = new PageSurroundings(language, brand, RootOf(http.Request.Path)),
        });
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<PageRoot>(parameters)).ToHtmlString());
        http.Response.StatusCode = model.Status;
        http.Response.Headers.ContentLanguage = language.Tag;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, http.RequestAborted);
    }

    /// <inheritdoc cref="PageSurroundings"/>
    private static string RootOf(PathString path) => string.Concat(Enumerable.Repeat("../", Math.Max(0, (path.Value ?? "").Count(c => c == '/') - 1)));
}
