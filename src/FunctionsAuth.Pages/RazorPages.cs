using System.Collections.Concurrent;
using FunctionsAuth.Pages.Components;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Pages;

/// <summary>Shows a page with the Razor component that has the name of the model without the last word: Login shows a LoginPage.</summary>
public sealed class RazorPages(PageBrand brand, RequestLanguage language) : IPages
{
    private const string LastWord = "Page";

    private readonly ConcurrentDictionary<Type, Type> components = new();

    public IResult Show(PageModel model) =>
        new ComponentPage(components.GetOrAdd(model.GetType(), ComponentOf), model with { Operator = brand.Name }, language.Language, brand);

    public PageAsset? Asset(string name) => PageAssets.Find(name) ?? brand.Asset(name);

    private static Type ComponentOf(Type model)
    {
        var neighbour = typeof(Layout);
        return neighbour.Assembly.GetType($"{neighbour.Namespace}.{model.Name[..^LastWord.Length]}", throwOnError: true)!;
    }
}
