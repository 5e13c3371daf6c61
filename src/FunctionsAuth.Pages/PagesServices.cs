using FunctionsAuth.Protocol.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Pages;

public static class PagesServices
{
    /// <summary>Registers <see cref="IPages"/>.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services) => services.AddSingleton<PageBrand>().AddSingleton<IPages, RazorPages>();
}
