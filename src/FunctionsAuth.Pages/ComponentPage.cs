using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Pages;

/// <summary>
/// A component as a whole response. Its only parameter is <c>Model</c>. <see cref="HtmlRenderer"/> renders it. RazorComponentResult is not used, because it
/// needs AddRazorComponents, which adds antiforgery and writes a data-protection key to the disk of the instance. The pages use the form token of the
/// protocol instead.
/// </summary>
internal sealed class ComponentPage(Type component, PageModel model, Language language, PageBrand brand) : IResult
{
    private const string ModelParameter = "Model";

    public async Task ExecuteAsync(HttpContext http)
    {
        var services = new PageServices(http.RequestServices, new PageSurroundings(language, brand, RootOf(http.Request.Path)));
        await using var renderer = new HtmlRenderer(services, http.RequestServices.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(1) { [ModelParameter] = model });
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync(component, parameters);
            http.Response.StatusCode = model.Status;
            http.Response.Headers.ContentLanguage = language.Tag;
            http.Response.ContentType = "text/html; charset=utf-8";
            await using var writer = new Utf8Writer(http.Response.BodyWriter);
            page.WriteHtmlTo(writer);
        });
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <inheritdoc cref="PageSurroundings"/>
    private static string RootOf(PathString path)
    {
        var depth = path.Value.AsSpan().Count('/') - 1;
        return depth <= 0 ? "" : string.Concat(Enumerable.Repeat("../", depth));
    }

    /// <summary>The services for components: the surroundings of this page, and the services of the server.</summary>
    private sealed class PageServices(IServiceProvider services, PageSurroundings surroundings) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(PageSurroundings) ? surroundings : services.GetService(serviceType);
    }
}
